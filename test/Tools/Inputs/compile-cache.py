"""What the cache of compiled code must do, with the tool as a user runs it.

compile-cache.py TINY OTHER STAGES DIR: three models, the second with the inputs of
the first, the third with shapes that depend on values; a directory.
"""
import json
import os
import pathlib
import stat
import subprocess
import sys

tiny, other, stages, folder = sys.argv[1:]
folder = pathlib.Path(folder)
cache = folder / "cache"


def run(*arguments, check=True):
    return subprocess.run(["mlmodel", *map(str, arguments)], check=check,
                          capture_output=True, text=True)


def benchmark(model, *arguments):
    """Hits and misses, and what was said on stderr."""
    result = run("benchmark", model, "--runs", 1, "--warmup", 0, "--json",
                 *arguments)
    values = json.loads(result.stdout)
    return (values["cache_hits"], values["cache_misses"]), result.stderr


def predict(model, name, *arguments):
    """The bytes of all outputs."""
    out = folder / name
    run("predict", model, *arguments, "--output-dir", out)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def entries():
    return sorted(cache.glob("*.stage"))


def expect(got, wanted, what):
    assert got == wanted, f"{what}: {got}, expected {wanted}"


# A second start finds what the first has left; other models, it does not.
expect(benchmark(tiny, "--cache-dir", cache), ((0, 1), ""), "first start")
expect(benchmark(tiny, "--cache-dir", cache), ((1, 0), ""), "second start")
expect(benchmark(other, "--cache-dir", cache), ((0, 1), ""), "other model")
expect(stat.S_IMODE(cache.stat().st_mode), 0o700, "mode of the new directory")

# The same values come out.
numbers = ["--input", "x=1,2,3,4"]
cold = predict(tiny, "cold", *numbers, "--no-cache")
expect(predict(tiny, "warm", *numbers, "--cache-dir", cache), cold, "outputs")

# The default directory, and none.
environment = dict(os.environ, XDG_CACHE_HOME=str(folder / "xdg"))
for arguments, wanted in ([], True), (["--no-cache"], False):
    subprocess.run(["rm", "-rf", folder / "xdg"], check=True)
    subprocess.run(["mlmodel", "predict", tiny, *numbers, *arguments],
                   check=True, env=environment, capture_output=True)
    expect((folder / "xdg/mlmodel").exists(), wanted, f"default, {arguments}")

# Every stage of a network that needs several has an entry of its own; values that
# decide shapes are part of what it is found by.
values = {"a": ["--input", "x=0,5,0,7", "--input", "n=2"],
          "b": ["--input", "x=1,5,6,7", "--input", "n=4"]}
before = len(entries())
counts = []
for name in "aabb":
    predict(stages, name, *values[name], "--cache-dir", cache)
    counts.append(len(entries()) - before)
assert 2 <= counts[0] == counts[1] < counts[2] == counts[3], counts
for name in "ab":
    warm = {path.name: path.read_bytes() for path in (folder / name).iterdir()}
    expect(warm, predict(stages, "uncached", *values[name], "--no-cache"), name)

# Damaged, cut, foreign and exchanged entries are told and compiled anew.
subprocess.run(["rm", "-rf", cache], check=True)
benchmark(tiny, "--cache-dir", cache)
[entry] = entries()
whole = entry.read_bytes()
benchmark(other, "--cache-dir", cache)
[foreign] = set(entries()) - {entry}
flipped = [bytes(byte ^ (0x10 if i == position else 0)
                 for i, byte in enumerate(whole))
           for position in (56, 100, len(whole) // 2, len(whole) - 1)]
spoiled = [(damaged, "is damaged") for damaged in flipped[1:]]
spoiled += [(flipped[0], "is "), (whole[:20], "is too short"),
            (whole[:300], "is "), (whole[:-1], "is damaged"),
            (b"", "is too short"), (b"x" * 500, "is no compiled stage"),
            (foreign.read_bytes(), "is the compiled stage of something else")]
for content, problem in spoiled:
    entry.write_bytes(content)
    counts, said = benchmark(tiny, "--cache-dir", cache)
    expect(counts, (0, 1), problem)
    assert problem in said and "compiling anew" in said, (problem, said)

expect(benchmark(tiny, "--cache-dir", cache), ((1, 0), ""), "repaired")

# A directory that others may write to is not used, nor is what is none.
cache.chmod(0o777)
counts, said = benchmark(tiny, "--cache-dir", cache)
expect(counts, (0, 1), "directory of everybody")
assert "others may write to this directory" in said, said
cache.chmod(0o700)
(folder / "file").write_text("")
counts, said = benchmark(tiny, "--cache-dir", folder / "file")
expect(counts, (0, 1), "file instead of a directory")
assert "compiled code is not kept" in said, said

# Processes that write the same entry at once leave a whole one.
subprocess.run(["rm", "-rf", cache], check=True)
together = [subprocess.Popen(["mlmodel", "predict", tiny, *numbers,
                              "--cache-dir", cache, "--output-dir",
                              folder / f"together{i}"]) for i in range(3)]
expect([process.wait() for process in together], [0] * 3, "exit codes")
for i in range(3):
    found = {path.name: path.read_bytes()
             for path in (folder / f"together{i}").iterdir()}
    expect(found, cold, f"outputs of process {i}")
expect(len(list(cache.iterdir())), 1, "files")
expect(benchmark(tiny, "--cache-dir", cache), ((1, 0), ""), "after them")
