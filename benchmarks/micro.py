#!/usr/bin/python3
"""Kernels of this project beside those of OpenBLAS and oneDNN, in turns.

mlmodel-bench-micro computes products and convolutions with each program, after it
has seen that all have the same results. For each shape one process runs all
programs in random order, again and again, on one core and one thread. A ratio is
that of the medians, ours / theirs: below 1 ours is faster.

Ours also runs with packed weights and with zeros among them; the peers always have
all weights as float32. Operations are counted as if no weight were zero.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import latency

TOOL = "mlmodel-bench-micro"
PEERS = {"openblas": "OpenBLAS", "onednn": "oneDNN"}
# How the programs of ours are named in the table.
WEIGHTS = {"float32": "float32", "palette4": "palette, 4 bits",
           "palette8": "palette, 8 bits", "linear8": "linear, 8 bits",
           "zeros75": "75 % zeros", "zeros90": "90 % zeros"}
CALL = "call/1"


def run_tool(options, *words):
    return subprocess.run(
        latency.pinned(options, 1, [options.build / "bin" / TOOL, *words]),
        check=True, capture_output=True, text=True).stdout


def find_shapes(options):
    """The shapes FAMILY/SIZES whose names begin with one of those asked for."""
    wanted = tuple(options.names.split(","))
    benchmarks = run_tool(options, "--benchmark_list_tests").split()
    shapes = dict.fromkeys("/".join(name.split("/")[:2]) for name in benchmarks)
    return [shape for shape in shapes
            if shape != CALL and shape.startswith(wanted)]


def measure(options, shape):
    """Microseconds of each program, and the operations of one run."""
    times, operations = {}, 0
    with tempfile.NamedTemporaryFile() as file:
        run_tool(options, f"--benchmark_filter=^{shape}/",
                 f"--benchmark_repetitions={options.runs}",
                 "--benchmark_enable_random_interleaving=true",
                 f"--benchmark_min_time={options.seconds}",
                 "--benchmark_out_format=json", f"--benchmark_out={file.name}")
        results = json.load(file)["benchmarks"]
    for result in results:
        if result["run_type"] == "iteration":
            program = result["name"].split("/")[2]
            times.setdefault(program, []).append(result["real_time"])
            operations = result["FLOPS"] * result["real_time"] / 1e6
    return ({name: latency.Times(values) for name, values in times.items()},
            operations)


def make_rows(shape, times, operations):
    """One for each program of ours. The first has the times of the peers."""
    rows = []
    for program, name in WEIGHTS.items():
        ours = times.get(program)
        if not ours:
            continue
        row = [shape.replace("/", " "), name, ours,
               f"{operations / ours.median / 1e3:.1f}",
               f"{ours.median / times['float32'].median:.2f}"]
        for peer in PEERS:
            theirs = times.get(peer)
            row += (["" if rows else theirs, f"{ours.median / theirs.median:.2f}"]
                    if theirs else ["", ""])
        rows.append(row)
    return rows


def make_table(rows):
    head = ["kernel", "weights", "ours us: median (least - greatest)", "GFLOP/s",
            "/ float32"]
    for peer in PEERS.values():
        head += [f"{peer} us", f"ours / {peer}"]
    lines = [head, ["---"] * len(head)] + rows
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--build", type=pathlib.Path,
                        default=latency.ROOT / "build")
    parser.add_argument("--names", default="",
                        help="beginnings of FAMILY/SIZES, with commas: gemv, gemm, "
                             "conv1x1, conv3x3, depthwise3x3 (all)")
    parser.add_argument("--runs", type=int, default=15,
                        help="turns of each program (15)")
    parser.add_argument("--seconds", type=float, default=0.02,
                        help="least length of a turn (0.02)")
    parser.add_argument("--first-core", type=int, default=0,
                        help="all programs run on this core")
    parser.add_argument("--docs", type=pathlib.Path,
                        help="write the table between the markers of this page")
    return parser.parse_args()


def main():
    options = parse_arguments()
    before = latency.calibrate(options)
    print(f"{latency.processor()}, {before}", file=sys.stderr)
    rows = []
    try:
        call = measure(options, CALL)[0]["float32"]
        for shape in find_shapes(options):
            times, operations = measure(options, shape)
            rows += make_rows(shape, times, operations)
            print(f"{shape}: " + " / ".join(f"{name} {time}"
                                            for name, time in times.items()),
                  file=sys.stderr)
    except subprocess.CalledProcessError as error:
        sys.exit(f"micro.py: {error.stderr.strip()}")
    if not rows:
        sys.exit(f"micro.py: no kernel begins with '{options.names}'")
    text = (f"{latency.processor()}, one thread, turns: {options.runs}.\n"
            f"Before: {before}.\nAfter: {latency.calibrate(options)}.\n"
            f"A call of compiled code takes {call} us, which ours includes.\n\n"
            f"{make_table(rows)}\n")
    print(text, end="")
    if options.docs:
        latency.write_docs(options.docs, "micro", text)


if __name__ == "__main__":
    main()
