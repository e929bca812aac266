"""After the mutations, the table of them: the guard that was taken out, and what told first."""

LONGEST = 160  # of what is shown of an answer


def pytest_terminal_summary(terminalreporter):
    """Reports carry the properties of a test, from other processes too."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    told = [value for report in reports for name, value in report.user_properties if name == "told first by"]
    if told:
        terminalreporter.write_line("| guard taken out | told first by |\n| --- | --- |")
    for guard, answer in told:
        terminalreporter.write_line(f"| {guard} | {answer[:LONGEST]} |")
