"""Shapes what the page of the pipeline says: how it stands now, its course, the drawing, what is said of wholes."""

from portal.sheets.pipeline.course import CourseGroup, course_groups
from portal.sheets.pipeline.now import NowGroup, now_groups
from portal.sheets.pipeline.picture import Picture, picture
from portal.sheets.pipeline.wholes import WholeRow, whole_rows

__all__ = [
    "CourseGroup",
    "NowGroup",
    "Picture",
    "WholeRow",
    "course_groups",
    "now_groups",
    "picture",
    "whole_rows",
]
