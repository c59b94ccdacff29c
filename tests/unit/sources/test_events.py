"""Events of a region of patches: which frames they hold, and what they are called."""

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from downbench.core.config.sources.patches import PatchFile
from downbench.core.errors import UserError
from downbench.sources.files import events


def morning(frames: int = 36, minutes: int = 5, start: str = "2020-06-01T06:00") -> xr.Dataset:
    time = xr.date_range(start, periods=frames, freq=f"{minutes}min")
    rate = np.arange(frames, dtype=float)[:, None, None] * np.ones((1, 2, 2))
    return xr.Dataset({"rate": (("time", "y", "x"), rate)}, coords={"time": time})


def entry(label: str = "radar", **keys) -> PatchFile:
    return PatchFile(path="r.nc", variable="rate", label=label, most_patches=9, **keys)


def opened(*files) -> list[events.Frames]:
    return [events.Frames(e, d["rate"], d.get(e.event_variable)) for e, d in files]


def names(*files) -> dict[str, int]:
    return {e.name: e.frames.sizes["time"] for e in events.named(opened(*files), "little")}


def test_a_file_is_one_event_and_has_the_name_of_its_first_date():
    assert names((entry(), morning())) == {"radar-2020-06-01": 36}


def test_events_that_begin_on_one_date_are_numbered_in_order_of_time():
    storms = morning().assign(storm=("time", np.repeat([3, 1, 2], 12)))
    found = events.named(opened((entry(event_variable="storm"), storms)), "little")
    assert [e.name for e in found] == [f"radar-2020-06-01-{n}" for n in (1, 2, 3)]
    assert [float(e.frames[0, 0, 0]) for e in found] == [0.0, 12.0, 24.0]


def test_numbers_count_over_files_and_only_where_a_date_repeats():
    first = (entry(), morning(start="2020-06-01T00:00"))
    again = (entry(), morning(start="2020-06-01T12:00"))
    other = (entry("radar-b"), morning(start="2020-06-01T12:00"))
    later = (entry(), morning(start="2020-06-02T00:00"))
    assert list(names(later, again, other, first)) == [
        "radar-2020-06-01-1", "radar-2020-06-01-2", "radar-b-2020-06-01", "radar-2020-06-02"
    ]  # fmt: skip


def test_a_gap_in_time_begins_an_event():
    radar = morning().isel(time=[*range(10), *range(16, 36)])
    assert names((entry(event_gap_hours=0.5), radar)) == {
        "radar-2020-06-01-1": 10, "radar-2020-06-01-2": 20
    }  # fmt: skip
    assert names((entry(event_gap_hours=1), radar)) == {"radar-2020-06-01": 30}


def test_hours_cut_a_morning_into_events_with_a_pause_between_them():
    found = events.named(
        opened((entry(event_hours=1, event_pause_hours=0.25), morning())), "little"
    )
    assert [e.name for e in found] == [f"radar-2020-06-01-{n}" for n in (1, 2, 3)]
    times = [e.frames["time"].values for e in found]
    assert [t.size for t in times] == [9, 9, 9]
    for before, after in zip(times, times[1:], strict=False):
        assert after[0] - before[-1] > np.timedelta64(15, "m")


def test_hours_count_anew_after_a_gap():
    radar = xr.concat([morning(10), morning(10, start="2020-06-03T07:17")], "time")
    assert names((entry(event_hours=2), radar)) == {"radar-2020-06-01": 10, "radar-2020-06-03": 10}


def test_frames_are_put_in_order_and_frames_without_an_event_belong_to_none():
    storms = morning(4).assign(storm=("time", [1.0, np.nan, 1.0, 2.0])).isel(time=[3, 2, 1, 0])
    found = events.named(opened((entry(event_variable="storm"), storms)), "little")
    assert [e.frames[:, 0, 0].values.tolist() for e in found] == [[0.0, 2.0], [3.0]]


def test_a_time_that_occurs_twice_is_refused():
    with pytest.raises(UserError, match="2 frames have the time of another"):
        names((entry(), morning(4).isel(time=[0, 0, 1, 1, 2])))


def test_an_event_variable_off_the_time_axis_is_refused():
    storms = morning().assign(storm=("y", [1, 2]))
    with pytest.raises(UserError, match="event_variable 'storm' is on"):
        names((entry(event_variable="storm"), storms))


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"event_variable": "storm", "event_hours": 2}, "both separate events"),
        ({"event_hours": 0.5}, "leaves no frame"),
    ],
)
def test_keys_that_contradict_each_other_are_refused(keys, message):
    with pytest.raises(ValidationError, match=message):
        entry(**keys)


def test_the_listing_names_each_event_its_frames_and_its_patches():
    found = events.named(opened((entry(event_hours=1), morning())), "little")
    assert events.listing(found, [5, 0, 7]).splitlines()[0] == (
        "  radar-2020-06-01-1: 2020-06-01 06:00 to 2020-06-01 06:25, 6 frames, 5 patches"
    )
