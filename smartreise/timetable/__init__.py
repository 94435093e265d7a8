"""Room timetable."""
