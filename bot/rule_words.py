"""What each dial rule finds, in words: where it has nothing against ringing, and where it has."""

WORDS: dict[str, tuple[str, str]] = {
    "being_rung": ("nobody is ringing it", "it is being rung"),
    "on_the_line": ("they are not ringing us", "they are ringing us at this moment"),
    "no_case": ("we know whom to ask for", "we do not know whom to ask for"),
    "number_kind": (
        "a number that we ring",
        "no UK mobile, 01, 02 or 03 number, or of an island or a kind that policy.toml leaves out",
    ),
    "deceased": ("no death is known", "we were told of a death"),
    "breathing_space": ("no breathing space", "they are in breathing space"),
    "do_not_ring": ("no wish not to be rung", "they asked not to be rung"),
    "letters_only": ("no wish for letters", "they want letters only"),
    "unsafe": ("no risk is known", "a call may put somebody at risk"),
    "relay_user": (
        "no text relay",
        "they use text relay: a person rings, with 18002 before the number",
    ),
    "welsh_without_words": (
        "we have words in their language",
        "their record says Welsh, and we have no Welsh words",
    ),
    "complaint": ("no complaint is open", "a complaint is open"),
    "paid": ("still unpaid", "nothing is unpaid any more"),
    "unit_rules": ("of no unit with rules of its own", "its unit is not served by telephone"),
    "correspondence": (
        "nothing that came waits for an answer",
        "something came that nobody has dealt with",
    ),
    "unknown_restriction": (
        "nothing else is held against it",
        "something is held against it that this version cannot read",
    ),
    "clock_in_doubt": (
        "the clocks agree",
        "an attempt of ours lies in the future: a clock is wrong",
    ),
    "hard_cap": ("not rung in vain too often", "rung in vain too often, over all desks"),
    "case_cap": ("attempts are left", "no attempts are left for this request"),
    "asked_time_over": ("no time was missed", "the time that they asked for is over"),
    "held_by_staff": ("nobody holds it back", "one of the staff holds it back"),
    "asked_for_later": ("no later time was asked for", "they asked to be rung later"),
    "after_abandoned": ("no call dropped lately", "a call was dropped on them lately"),
    "unknown_ending": (
        "every ending is known",
        "a call ended in a way that this version does not know",
    ),
    "after_machine": (
        "no machine lately, nor a call without a key pressed",
        "a machine answered lately, or nobody pressed a key",
    ),
    "once_a_day": ("not rung today", "rung today already"),
    "calling_hours": ("within calling hours", "outside calling hours, or a bank holiday there"),
    "preferred_hours": ("within their own hours", "outside the hours that they asked for"),
    "same_time_of_day": (
        "another time of day than before",
        "rung in vain at this time of day already: later today is another",
    ),
}
