from benchmarks.hostile import Answer, report, status_of
from benchmarks.shots import Shot, Target, shots

TARGET = Target("127.0.0.1:8000", "Cookie: sessionid=a")
SHOT = Shot("GET /", b"")


def test_the_same_seed_fires_the_same_requests():
    assert shots(50, TARGET, 1) == shots(50, TARGET, 1)
    assert shots(50, TARGET, 1) != shots(50, TARGET, 2)


def test_every_kind_of_request_is_among_two_thousand():
    names = " ".join(shot.name for shot in shots(2000, TARGET, 1))

    kinds = ("/admin/", "/zh-hant/", ".csv", "slow ", "raw ", "TRACE ", "POST ", "%00", "%ff")
    assert [kind for kind in kinds if kind not in names] == []


def answers(status, times, milliseconds=10.0):
    return [Answer(SHOT, status, milliseconds)] * times


def test_only_quick_answers_without_a_fault_are_well(capsys):
    assert report("X", answers(200, 99) + answers(404, 1), 1.0)
    assert report("X", answers(200, 99) + answers(501, 1), 1.0)
    assert not report("X", answers(200, 99) + answers(500, 1), 1.0)
    assert not report("X", answers(200, 99) + answers(503, 1), 1.0)
    assert not report("X", answers(200, 99) + answers(-1, 1), 1.0)
    assert not report("X", answers(200, 90) + answers(200, 10, 1000.0), 1.0)
    assert "  5xx (without 501)                 1\n" in capsys.readouterr().out


def test_what_is_no_answer_of_http_has_no_status():
    assert [status_of(head) for head in (b"HTTP/1.1 404 Not Found", b"", b"<html>", b"HTTP/1.1 ")] == [
        404,
        0,
        0,
        0,
    ]
