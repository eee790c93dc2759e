"""Flags: what is meant counts, what is negated, figurative or in jest does not."""

from __future__ import annotations

import pytest

from bot.components.flags import FlagFinder, FlagsFileError, flag_finder
from bot.components.languages import document
from bot.components.phrases import PhraseError, PhraseFinder, compile_phrase


def flags(text: str) -> dict[str, str]:
    return {flag.name: flag.severity for flag in flag_finder().find(document(text))}


class TestFlags:
    @pytest.mark.parametrize(
        ("text", "flag", "severity"),
        [
            ("The kettle caught fire while my son stood next to it", "safety", "critical"),
            ("I found a shard of glass in my salad", "safety", "high"),
            ("You will hear from my solicitor", "legal", "high"),
            ("I'm taking you to small claims court", "legal", "high"),
            ("Next stop is the ombudsman", "regulator", "high"),
            ("He refused me because I'm black", "discrimination", "high"),
            ("Your driver threatened my wife", "harassment", "high"),
            ("I want to kill myself", "self_harm", "critical"),
            ("I don't want to live anymore", "self_harm", "critical"),
            ("My elderly mother has had no heating since Friday", "vulnerable_customer", "medium"),
            ("I am deaf and cannot use the phone", "vulnerable_customer", "medium"),
            ("Somebody used my card without asking", "fraud", "high"),
            ("I will burn your office down", "violence_threat", "critical"),
            ("I'm going to the press with this", "media", "medium"),
            ("Let me talk to a real person", "human_request", "low"),
            ("You gave out my address without my consent", "privacy", "high"),
        ],
    )
    def test_what_is_meant_is_flagged(self, text: str, flag: str, severity: str) -> None:
        assert flags(text).get(flag) == severity

    @pytest.mark.parametrize(
        "text",
        [
            "see you in court about this burger lol",
            "this queue is killing me",
            "your new trainers are on fire",
            "I don't need a lawyer, just my parcel",
            "No need for a human, thanks",
            "I'm dying to try the new flavour",
            "I was bored to death on hold",
            "do you sell basketball court shoes",
            "the colour does not suit me",
            "what a bath bomb!",
            "",
        ],
    )
    def test_what_is_not_meant_is_not(self, text: str) -> None:
        assert flags(text) == {}

    def test_a_negation_in_another_clause_does_not_count(self) -> None:
        assert "legal" in flags("I have not been paid, so my lawyer will write to you")

    def test_a_joke_does_not_hide_danger(self) -> None:
        assert "self_harm" in flags("lol I want to kill myself")

    def test_several_flags_are_each_reported_once_by_name(self) -> None:
        found = flag_finder().find(document("Sue you, sue you! My lawyer and the ombudsman know"))

        assert [flag.name for flag in found] == ["legal", "regulator"]

    def test_a_wrong_severity_in_the_file_is_named(self) -> None:
        content = {
            "negations": {}, "figurative": {}, "joking": {"markers": {}, "cancels": []},
            "flags": {"legal": [{"severity": "huge", "en": ["sue"]}]},
        }  # fmt: skip

        with pytest.raises(FlagsFileError, match="'legal' the severity 'huge'"):
            FlagFinder(content, "en")


class TestPhrases:
    def test_alternatives_options_and_stars(self) -> None:
        finder = PhraseFinder({"x": ["(speak|talk) to [a] human", "take * to court"]}, "en")

        def hit(text: str) -> bool:
            return bool(finder.find(document(text)))

        assert hit("Talk to human")
        assert hit("speak to a human")
        assert hit("take you all to court")
        assert hit("take to court")
        assert not hit("take a very long walk to court")
        assert not hit("talk human")

    def test_a_tilde_stands_for_any_ending(self) -> None:
        finder = PhraseFinder({"x": ["harass~"]}, "en")

        assert finder.find(document("harassing"))
        assert not finder.find(document("embarrass"))

    def test_apostrophes_of_either_kind_match(self) -> None:
        finder = PhraseFinder({"x": ["don't care"]}, "en")

        assert finder.find(document("I don’t care"))

    @pytest.mark.parametrize("phrase", ["", "(a|b", "a) b", "[a [b]]", "(a|(b|c)) d"])
    def test_broken_notation_is_refused(self, phrase: str) -> None:
        with pytest.raises(PhraseError):
            compile_phrase(phrase, "en")
