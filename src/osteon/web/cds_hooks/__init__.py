"""A CDS Hooks 2.0 service: bone status when a chart is opened, and a check of bone medicines as they are ordered.

The specification is at https://cds-hooks.hl7.org. Everything is answered from what the request brings; the service
never calls back to the client's FHIR server.
"""
