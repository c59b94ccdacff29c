"""Processor time and memory of refusals of hostile bundles, and counts of random mutations.

`python bench/hostile_bundles.py` prints the table of the cases in tests/hostile_bundles.py;
`python bench/hostile_bundles.py --mutations 20000` what became of so many mutations with stale
and with right hashes, and the slowest of them.
"""

import argparse
import os
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from bundle_mutations import mutations
from changed_bundles import sum_again
from downbench.core.errors import UserError
from downbench.exchange import bundle, bundle_files
from hostile_bundles import CASES, sound_bundle


def _memory_mib(key: str) -> float:
    """Return a line of the process's status: VmRSS or VmHWM, its peak."""
    text = Path("/proc/self/status").read_text()
    return int(re.search(rf"{key}:\s+(\d+)", text)[1]) / 1024


def _measured(folder: Path) -> str:
    """Verify a bundle; return seconds of a core, memory above that before, and the message."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _memory_mib("VmRSS")
    try:
        bundle.verify(folder)
        message = "ACCEPTED"
    except UserError as error:
        message = str(error).replace(str(folder), "…").replace("\n", " ")
    times, children = os.times(), resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = _memory_mib("VmHWM") - before + children.ru_maxrss / 1024
    return f"{sum(times[:4]):.2f} s | {peak:.0f} MiB | {message[:110]}"


def _in_child(folder: Path) -> None:
    """Print the measurement from a process that ends afterwards: memory is its own."""
    process = os.fork()
    if process == 0:
        print(_measured(folder), flush=True)
        os._exit(0)
    os.waitpid(process, 0)


def _cases() -> None:
    with tempfile.TemporaryDirectory() as root:
        bundle.verify(sound_bundle(Path(root) / "warm"))
        for number, (name, (change, _)) in enumerate(CASES.items()):
            folder = sound_bundle(Path(root) / str(number) / "unet")
            change(folder)
            print(name, end=" | ", flush=True)
            _in_child(folder)


def _mutations(count: int, right_hashes: bool) -> None:
    results, slowest = Counter(), 0.0
    with tempfile.TemporaryDirectory() as root:
        folder = sound_bundle(Path(root) / "unet")
        sums = (folder / bundle_files.SUMS).read_bytes()
        planned = bundle.read_manifest(folder).model_dump(mode="json")
        planned = {k: v for k, v in planned.items() if k not in ("code_version", "licence")}
        for mutation in mutations(folder, count, seed=2):
            path = folder / mutation.name
            sound, begin = path.read_bytes(), time.process_time()
            path.write_bytes(mutation.content)
            if right_hashes and mutation.name != bundle_files.SUMS:
                sum_again(folder)
            try:
                bundle.verify(folder, planned)
                results[f"{mutation.name} accepted"] += 1
            except UserError:
                results[f"{mutation.name} refused"] += 1
            slowest = max(slowest, time.process_time() - begin)
            path.write_bytes(sound)
            (folder / bundle_files.SUMS).write_bytes(sums)
    print(f"{'right' if right_hashes else 'stale'} hashes: slowest {slowest:.2f} s")
    for result, times in sorted(results.items()):
        print(f"  {result}: {times}")


def main() -> None:
    """Print the table, or the counts."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mutations", type=int, default=0)
    count = parser.parse_args().mutations
    if not count:
        _cases()
        return
    _mutations(count, right_hashes=False)
    _mutations(count, right_hashes=True)


if __name__ == "__main__":
    main()
