"""The pictures of a report: one Vega-Lite specification each, rendered to SVG for page and PDF alike."""

from osteon.report.charts.age import age_picture, bmd_by_age
from osteon.report.charts.gains import gain_rows
from osteon.report.charts.icons import icon_array
from osteon.report.charts.projection import projection_panels
from osteon.report.charts.render import render_svg
from osteon.report.charts.tscore import score_scale

__all__ = ["age_picture", "bmd_by_age", "gain_rows", "icon_array", "projection_panels", "render_svg", "score_scale"]
