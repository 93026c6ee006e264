"""A coalition from CSV and back: organizations and ties, read by a column map."""

from cisim.world.survey.coalition import ImportedCoalition, import_survey
from cisim.world.survey.columns import OrganizationColumns, SurveyMap, TieColumns
from cisim.world.survey.export import export_survey
from cisim.world.survey.screen import summary_text
from cisim.world.survey.summary import Summary

__all__ = [
    "ImportedCoalition",
    "OrganizationColumns",
    "Summary",
    "SurveyMap",
    "TieColumns",
    "export_survey",
    "import_survey",
    "summary_text",
]
