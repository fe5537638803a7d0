"""The report: pages, PDF, terminal text and charts. Calculates nothing."""
