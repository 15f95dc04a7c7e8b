"""Facts that are made quickly are what the plain frozen dataclass would be."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from ledger.facts import changed, quick


@quick
@dataclass(frozen=True, slots=True)
class Parcel:
    """A fact with a field of each kind: given, by default, and made anew."""

    name: str
    size: int = 3
    notes: list[str] = field(default_factory=list)

    @property
    def is_large(self) -> bool:
        return self.size > 3


PARCEL = Parcel("books", notes=["heavy"])


def test_fields_are_taken_by_place_and_by_name_and_by_default():
    assert (PARCEL.name, PARCEL.size, PARCEL.notes) == ("books", 3, ["heavy"])
    assert Parcel("a", 5).is_large
    assert Parcel("a").notes == []
    assert Parcel("a").notes is not Parcel("a").notes


def test_it_is_of_its_own_class_which_is_a_dataclass():
    assert type(PARCEL) is Parcel
    assert isinstance(PARCEL, Parcel)
    assert [each.name for each in fields(PARCEL)] == ["name", "size", "notes"]
    assert repr(PARCEL) == "Parcel(name='books', size=3, notes=['heavy'])"


def test_nothing_of_it_can_be_set():
    with pytest.raises(FrozenInstanceError):
        PARCEL.size = 4
    with pytest.raises(FrozenInstanceError):
        del PARCEL.size


def test_equal_facts_are_equal_and_have_one_hash():
    assert Parcel("a", notes=()) == Parcel("a", notes=())
    assert hash(Parcel("a", notes=())) == hash(Parcel("a", notes=()))
    assert Parcel("a") != Parcel("b")


def test_it_has_slots_alone():
    assert not hasattr(PARCEL, "__dict__")


@pytest.mark.parametrize(("values", "named"), [((), {}), (("a",), {"weight": 1})])
def test_what_it_cannot_be_made_of_is_refused(values, named):
    with pytest.raises(TypeError):
        Parcel(*values, **named)


@pytest.mark.parametrize("change", [replace, changed])
def test_a_changed_one_is_another_and_frozen_too(change):
    larger = change(PARCEL, size=9)
    assert larger == Parcel("books", 9, ["heavy"])
    assert (type(larger), PARCEL.size) == (Parcel, 3)
    with pytest.raises(FrozenInstanceError):
        larger.size = 1


@pytest.mark.parametrize("change", [replace, changed])
def test_a_field_that_there_is_not_cannot_be_changed(change):
    with pytest.raises((TypeError, AttributeError)):
        change(PARCEL, weight=1)
