import pytest

from flows.progress import report, stoppable, watched


def test_nobody_has_to_watch():
    report("read", 1, 2)


def test_only_work_inside_is_watched():
    seen = []
    with watched(lambda *told: seen.append(told)):
        report("read", 1, 2)
    report("read", 2, 2)
    assert seen == [("read", 1, 2)]


def test_work_handed_to_others_ends_at_its_next_report_when_we_are_interrupted():
    from contextvars import copy_context

    def hand_over_and_be_interrupted():
        with stoppable():
            work.append(copy_context())
            work[0].run(report, "read", 1, 2)
            raise SystemExit

    work = []
    with pytest.raises(SystemExit):
        hand_over_and_be_interrupted()
    with pytest.raises(KeyboardInterrupt):
        work[0].run(report, "read", 2, 2)
    report("read", 2, 2)
