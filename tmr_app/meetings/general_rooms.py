"""The pages of general meetings, gathered: importing this registers every view on the one blueprint."""

from tmr_app.meetings import general_views, general_views_chair, general_views_holding, general_work
from tmr_app.meetings.general_doors import blueprint

__all__ = ["blueprint", "general_views", "general_views_chair", "general_views_holding", "general_work"]
