"""The rules of a chain: any steps in any order leave a chain that holds together, or are refused with a sentence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from listening import chains
from listening.chains import Link, ToldConversation
from listening.domain import LinkEvent, Step
from listening.errors import Refused

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LEGAL = {  # from each state, what may follow; None is the state that stays
    Step.INVITED: {Step.AGREED, Step.RESTED},
    Step.AGREED: {Step.TALKED, Step.RESTED},
    Step.TALKED: {Step.RECORDED, Step.WENT_ON, Step.RESTED},
    Step.RECORDED: {Step.WENT_ON, Step.RESTED},
    Step.WENT_ON: {Step.RESTED},
    Step.RESTED: {Step.WENT_ON},
}


def link(*steps, initiator="amina", other="colin", start=DAY):
    events = [
        LinkEvent(f"n-{initiator}-{other}", step, None, "Nadia", start + timedelta(days=number))
        for number, step in enumerate((Step.INVITED, *steps))
    ]
    return Link(f"n-{initiator}-{other}", "f-1", initiator, other, tuple(events))


class AChain(RuleBasedStateMachine):
    """People who do whatever comes to their mind; the rules let through what may be."""

    voices = Bundle("voices")

    def __init__(self):
        super().__init__()
        self.links = {}
        self.people = ["starter"]
        self.now = DAY

    @rule(target=voices)
    def begin(self):
        return "starter"

    @rule(target=voices)
    def somebody_new(self):
        self.people.append(f"voice {len(self.people)}")
        return self.people[-1]

    @rule(one=voices, other=voices)
    def invite(self, one, other):
        self.now += timedelta(hours=1)
        everything = list(self.links.values())
        try:
            chains.check_invite(everything, everything, "starter", one, other)
        except Refused:
            return
        made = Link(f"n-{len(self.links)}", "f", one, other, ())
        event = LinkEvent(made.id, Step.INVITED, None, "Nadia", self.now)
        self.links[made.id] = Link(made.id, "f", one, other, (event,))

    @rule(data=st.data(), step=st.sampled_from(list(Step)), by=st.text(max_size=3))
    def step(self, data, step, by):
        if not self.links:
            return
        before = self.links[data.draw(st.sampled_from(sorted(self.links)))]
        self.now += timedelta(hours=1)
        event = LinkEvent(before.id, step, None, by, self.now)
        try:
            after = before.after(event)
        except Refused:
            return
        assert after.state in LEGAL[before.state] | {before.state}
        assert step in (Step.REMINDED, Step.RECORDED) or after.state is step
        self.links[before.id] = after

    @invariant()
    def nobody_is_in_two_open_links_in_the_same_role(self):
        running = [one for one in self.links.values() if one.is_open]
        assert len({one.initiator for one in running}) == len(running)
        assert len({one.other for one in running}) == len(running)

    @invariant()
    def every_conversation_has_one_initiator_who_may_start_it(self):
        for one in self.links.values():
            assert one.initiator != one.other
            started = [before for before in self.links.values() if before.other == one.initiator and before.reached]
            assert one.initiator == "starter" or len(started) == 1

    @invariant()
    def the_chain_is_a_tree_in_which_every_link_stands_once(self):
        placed = chains.tree(list(self.links.values()))
        assert sorted(one.link.id for one in placed) == sorted(self.links)
        depth = {one.link.id: one.depth for one in placed}
        for one in placed:
            assert one.depth == (depth[one.parent] + 1 if one.parent else 1)
            assert one.parent is None or self.links[one.parent].other == one.link.initiator

    @invariant()
    def reach_counts_every_person_once(self):
        everything = list(self.links.values())
        people = chains.people(everything, "starter")
        assert people == {"starter"} | {one.other for one in everything if one.reached}
        assert chains.reach(everything, "starter", DAY)[-1][1] == len(people)


TestAChain = AChain.TestCase


@pytest.mark.parametrize(
    ("steps", "then", "sentence"),
    [
        ([], Step.TALKED, "not said yes yet"),
        ([], Step.RECORDED, "has not taken place yet"),
        ([Step.AGREED], Step.WENT_ON, "has not taken place yet"),
        ([Step.AGREED], Step.AGREED, "said yes already"),
        ([Step.AGREED, Step.TALKED], Step.REMINDED, "nobody to remind"),
        ([Step.REMINDED], Step.REMINDED, "Let it be"),
        ([Step.RESTED], Step.AGREED, "Invite somebody anew"),
        ([Step.RESTED], Step.RESTED, "rests already"),
        ([], Step.INVITED, "invited already"),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_a_sentence(steps, then, sentence):
    with pytest.raises(Refused, match=sentence):
        chains.check_step(link(*steps), then)


def test_who_talked_and_rests_may_go_on_later_and_may_still_be_recorded():
    rested = link(Step.AGREED, Step.TALKED, Step.RESTED)
    chains.check_step(rested, Step.RECORDED)
    chains.check_step(rested, Step.WENT_ON)
    assert not rested.is_open


def test_somebody_who_said_no_may_be_invited_again_and_leads_on_from_there():
    no = link(Step.RESTED)
    yes = link(Step.AGREED, Step.TALKED, Step.WENT_ON, start=DAY + timedelta(days=9))
    chains.check_invite([no], [no], "amina", "amina", "colin")
    further = link(initiator="colin", other="shanice", start=DAY + timedelta(days=20))
    yes = Link("n-again", "f-1", "amina", "colin", yes.events)
    assert [(one.link.id, one.parent) for one in chains.tree([no, yes, further])] == [
        ("n-amina-colin", None),
        ("n-again", None),
        ("n-colin-shanice", "n-again"),
    ]


def test_the_first_to_be_talked_with_keeps_the_stem_and_each_further_one_begins_a_stem():
    links = [
        link(Step.AGREED, Step.TALKED, Step.WENT_ON),
        link(Step.AGREED, Step.TALKED, initiator="colin", other="shanice", start=DAY + timedelta(days=5)),
        link(Step.AGREED, Step.TALKED, other="bill", start=DAY + timedelta(days=9)),
    ]
    assert [(one.link.other, one.depth, one.stem) for one in chains.tree(links)] == [
        ("colin", 1, 0),
        ("shanice", 2, 0),
        ("bill", 1, 1),
    ]
    assert chains.branches(links) == 1


def test_a_chain_of_thousands_is_drawn_too():
    links = [
        link(Step.AGREED, Step.TALKED, initiator=f"v{n}", other=f"v{n + 1}", start=DAY + timedelta(days=n))
        for n in range(3000)
    ]
    assert max(one.depth for one in chains.tree(links)) == 3000


def test_a_link_goes_quiet_after_two_weeks_and_says_what_a_person_might_do():
    later = DAY + timedelta(days=chains.QUIET_DAYS)
    assert chains.quiet(link(), later - timedelta(hours=1)) is None
    assert "one kind message" in chains.quiet(link(), later)
    assert "Let it be" in chains.quiet(link(Step.REMINDED), later + timedelta(days=1))
    assert "notes or a recording" in chains.quiet(link(Step.AGREED, Step.TALKED), later + timedelta(days=2))
    assert chains.quiet(link(Step.RESTED), later + timedelta(days=99)) is None


def told(number, *voices, source=None):
    return ToldConversation(
        f"c-{number}", source or f"s-{number}", "north", number, DAY + timedelta(number), None, voices
    )


def test_conversations_that_say_which_link_they_are_make_a_chain():
    links = chains.with_told("f", [], [told(2, "colin", "shanice"), told(1, "amina", "colin")])
    assert [(one.initiator, one.other, one.state) for one in links] == [
        ("amina", "colin", Step.WENT_ON),
        ("colin", "shanice", Step.RECORDED),
    ]


def test_a_conversation_of_two_who_have_a_link_records_that_link():
    kept = link(Step.AGREED)
    [found] = chains.with_told("f", [kept], [told(1, "colin", "amina")])
    assert found.id == kept.id
    assert found.state is Step.RECORDED
    assert [event.happened_at for event in found.events] == sorted(event.happened_at for event in found.events)


def test_what_was_kept_of_a_told_chain_stands_where_it_stood():
    conversations = [told(1, "amina", "colin"), told(2, "colin", "shanice"), told(3, "shanice", "bill")]
    before = chains.with_told("f", [], conversations)
    for kept in before:
        further = kept.after(LinkEvent(kept.id, Step.RESTED, None, "Nadia", DAY + timedelta(days=99)))
        after = chains.with_told("f", [further], conversations)
        assert [(one.id, one.initiator, one.other) for one in after] == [
            (one.id, one.initiator, one.other) for one in before
        ]


def test_a_conversation_that_is_tied_to_a_link_is_told_once():
    recorded = link(Step.AGREED, Step.TALKED)
    recorded = recorded.after(LinkEvent(recorded.id, Step.RECORDED, "s-1", "Nadia", DAY + timedelta(days=9)))
    assert chains.with_told("f", [recorded], [told(1, "amina", "colin")]) == [recorded]


def test_a_third_person_in_a_conversation_is_a_link_of_their_own():
    links = chains.with_told("f", [], [told(1, "amina", "colin", "bill")])
    assert [(one.initiator, one.other) for one in links] == [("amina", "colin"), ("amina", "bill")]


def test_somebody_who_talks_alone_and_is_not_known_makes_no_link():
    assert chains.with_told("f", [], [told(1, "amina")]) == []


def test_places_that_the_chain_has_not_reached():
    assert chains.silent_places(["Fen Street", "Mill Lane", "Quay"], ["Quay"]) == ["Fen Street", "Mill Lane"]


def test_reach_grows_with_the_days_on_which_people_talked():
    links = [link(Step.AGREED, Step.TALKED), link(Step.AGREED, other="bill")]
    assert chains.reach(links, "amina", DAY) == [(date(2026, 3, 1), 1), (date(2026, 3, 3), 2)]
    assert chains.reach([], "amina", DAY) == [(date(2026, 3, 1), 1)]
