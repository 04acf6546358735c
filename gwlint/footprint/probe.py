"""Run a statement in a fresh interpreter, most often an import, and print as JSON what that took.

    python -I -B probe.py [--path FOLDER]... [--compiling] (--module NAME | --code TEXT)

Runs by its path under any Python from 3.8 on, with nothing installed. It loads next to nothing itself and writes its
answer by hand: what it has loaded, the measured module would get for nothing.

Whatever the module prints goes to the error stream. With `--compiling`, all that does not belong to the standard
library is compiled as it is imported, as if its bytecode were missing.
"""

import os
import sys
import time

_ROLLUP = "/proc/self/smaps_rollup"
_STATUS = "/proc/self/status"
_FORGET_PEAK = "/proc/self/clear_refs"
_ROOM = 1 << 16
_BYTES_PER_KB = 1024
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;_-+*/=<>()[]{}'#%&!?@$^~|`")


def _read(path: str) -> bytes:
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, _ROOM)
    finally:
        os.close(file)


def _kilobytes(text: bytes, key: bytes) -> int:
    start = text.index(key) + len(key)
    return int(text[start : text.index(b"kB", start)])


def memory_of_linux() -> "tuple[int, int, int]":
    """Return what is resident, what of it belongs to no file, and the most there has been, all in KiB."""
    rollup = _read(_ROLLUP)
    return _kilobytes(rollup, b"\nRss:"), _kilobytes(rollup, b"\nAnonymous:"), _kilobytes(_read(_STATUS), b"VmHWM:")


def memory_elsewhere() -> "tuple[int, int, int]":
    """Return the most there has been, three times: nothing finer is known without help."""
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = most // _BYTES_PER_KB if sys.platform == "darwin" else most
    return peak, peak, peak


def _forget_peak() -> None:
    try:
        file = os.open(_FORGET_PEAK, os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(file, b"5")
    finally:
        os.close(file)


def compile_on_import() -> None:
    """Hide all bytecode but that of the standard library: what has no place for its bytecode is compiled."""
    import _frozen_importlib_external as importing

    standard = os.__file__[: -len("os.py")]
    foreign = (standard + "site-packages", standard + "dist-packages")
    place_of = vars(importing)["cache_from_source"]

    def place_of_standard_bytecode(path: str, *arguments: object, **options: object) -> str:
        if path.startswith(standard) and not path.startswith(foreign):
            return str(place_of(path, *arguments, **options))
        raise NotImplementedError

    vars(importing)["cache_from_source"] = place_of_standard_bytecode


def json(value: object) -> str:
    """Write JSON, for importing the module of that name would load it, and the measured code may have its own."""
    if isinstance(value, str) and _PLAIN.issuperset(value):
        return '"' + value + '"'
    if isinstance(value, str):
        units = value.encode("utf-16-be", "surrogatepass")
        return '"' + "".join("\\u" + units[at : at + 2].hex() for at in range(0, len(units), 2)) + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(json, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(json(key) + ":" + json(value[key]) for key in value) + "}"
    return repr(value)


def failure(error: BaseException) -> str:
    """Say what was raised, and where."""
    name = type(error).__name__
    said = name + ": " + str(error) if str(error) else name
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None or trace.tb_frame.f_code.co_filename == __file__:
        return said
    return said + " (" + trace.tb_frame.f_code.co_filename + ":" + str(trace.tb_lineno) + ")"


def _options(arguments: "list[str]") -> "tuple[list[str], bool, str]":
    paths, compiling, code = [], False, "pass"
    while arguments:
        option = arguments.pop(0)
        if option == "--compiling":
            compiling = True
        elif option == "--path":
            paths.append(arguments.pop(0))
        elif option == "--module":
            code = "__import__(" + repr(arguments.pop(0)) + ")"
        else:
            code = arguments.pop(0)
    return paths, compiling, code


def _measured(code: str) -> "dict[str, object]":
    where = "smaps_rollup" if os.access(_ROLLUP, os.R_OK) else "ru_maxrss"
    memory = memory_of_linux if where == "smaps_rollup" else memory_elsewhere
    module = type(sys)("measured")
    sys.modules["measured"] = module
    compiled = compile(code, "<measured>", "exec")
    error = ""
    exec(compile("pass", "<measured>", "exec"), module.__dict__)
    memory()
    known = set(sys.modules)
    _forget_peak()
    resident, anonymous, _ = memory()
    wall = time.perf_counter_ns()
    cpu = time.process_time_ns()
    try:
        exec(compiled, module.__dict__)
    except BaseException as raised:
        error = failure(raised)
    cpu = time.process_time_ns() - cpu
    wall = time.perf_counter_ns() - wall
    resident_then, anonymous_then, peak = memory()
    return {
        "memory_kb": resident_then - resident,
        "anonymous_kb": anonymous_then - anonymous,
        "peak_kb": peak - resident,
        "base_kb": resident,
        "cpu_ms": cpu / 1e6,
        "wall_ms": wall / 1e6,
        "modules": [name for name in sys.modules if name not in known],
        "source": where,
        "error": error,
    }


def _main() -> None:
    answer = os.dup(1)
    os.dup2(2, 1)
    paths, compiling, code = _options(sys.argv[1:])
    del sys.argv[1:]
    sys.path[:0] = paths
    if compiling:
        compile_on_import()
    os.write(answer, json(_measured(code)).encode("ascii"))
    # Threads that the module has started, and what it does at exit, are no part of the answer.
    os._exit(0)


if __name__ == "__main__":
    _main()
