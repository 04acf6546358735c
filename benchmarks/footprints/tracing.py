"""Tell what each module that a statement loads adds on its own. Runs in a fresh interpreter, with nothing installed.

    python -I -B tracing.py PROBE memory|cpu|imports [--compiling] OUTPUT SETUP CODE...

What SETUP loads is not traced. Each CODE is traced as if it were a module of the name `<0>`, `<1>`, … Lines go to
OUTPUT as things happen, but for times: what is kept in memory would be found in the next module's figure.

    > NAME VALUE                   its loading begins
    < NAME VALUE                   it has ended
    + NAME LIBRARY KB              it has brought a shared library, of which so much is resident
    @ NAME IMPORTED                it asked for a module
    = NAME FILE                    where a module came from
    ! NAME ERROR                   it failed

VALUE is in KiB or ns.
"""

import _frozen_importlib as importing
import builtins
import os
import sys
import time

_CHUNK = 1 << 11

stack: "list[str]" = []
extensions: "list[str]" = []
known_libraries: "set[bytes]" = set()
times: "list[tuple[str, str, int]]" = []
loader = importing._find_and_load_unlocked  # type: ignore[attr-defined]  # private, and the only place that sees all
finder = importing._find_spec  # type: ignore[attr-defined]
importer = vars(builtins)["__import__"]
import_by_name = importing._gcd_import  # type: ignore[attr-defined]  # what importlib.import_module calls


def say(*words: object) -> None:
    """Write one line, and keep nothing of it."""
    os.write(output, ("\t".join(map(str, words)) + "\n").encode("utf-8", "replace"))


def resident() -> int:
    """Return what is resident, in KiB."""
    file = os.open("/proc/self/smaps_rollup", os.O_RDONLY)
    text = os.read(file, _CHUNK)
    os.close(file)
    start = text.index(b"\nRss:") + 5
    return int(text[start : text.index(b"kB", start)])


def new_libraries() -> "dict[bytes, int]":
    """Return the shared libraries that were not mapped before, extension modules too, and what is resident of each.

    The map is read in small pieces: whatever this takes and frees again is there for the next module to use.
    """
    found: dict[bytes, int] = {}
    file = os.open("/proc/self/smaps", os.O_RDONLY)
    path = rest = b""
    while True:
        piece = os.read(file, _CHUNK)
        if not piece:
            break
        rest += piece
        start = 0
        end = rest.find(b"\n")
        while end >= 0:
            if path and rest.startswith(b"Rss:", start):
                found[path] = found.get(path, 0) + int(rest[start + 4 : end - 2])
            elif rest.find(b"-", start, start + 17) > 0:
                name = rest.find(b"/", start, end)
                path = rest[name:end] if name > 0 and rest.find(b".so", name, end) > 0 else b""
                path = b"" if path in known_libraries else path
            start = end + 1
            end = rest.find(b"\n", start)
        rest = rest[start:]
    os.close(file)
    known_libraries.update(found)
    return found


def note_libraries(name: str) -> None:
    """Write down what shared libraries an extension module has brought, other than extension modules."""
    found = new_libraries()
    for path in sorted(found):
        if b".cpython-" not in path and not path.endswith(b".abi3.so"):
            say("+", name, path.decode().rpartition("/")[2], found[path])


def find_noting_extensions(name: str, path: object, target: object = None) -> object:
    """Find a module, and remember which ones are of C."""
    spec = finder(name, path, target)
    if spec is not None and str(spec.origin).endswith(".so"):
        extensions.append(name)
    return spec


def load_measuring_memory(name: str, import_: object) -> object:
    """Load a module, and say what memory it took."""
    if stack and extensions and extensions[-1] == stack[-1]:
        note_libraries(stack[-1])
    say(">", name, resident())
    stack.append(name)
    try:
        return loader(name, import_)
    except BaseException as error:
        say("!", name, type(error).__name__)
        raise
    finally:
        if extensions and extensions[-1] == name:
            note_libraries(extensions.pop())
        stack.pop()
        say("<", name, resident())


def load_measuring_time(name: str, import_: object) -> object:
    """Load a module, and note what time it took."""
    times.append((">", name, time.process_time_ns()))
    try:
        return loader(name, import_)
    finally:
        times.append(("<", name, time.process_time_ns()))


def load_noting_imports(name: str, import_: object) -> object:
    """Load a module, and say which ones it asks for."""
    note(name)
    stack.append(name)
    try:
        return loader(name, import_)
    finally:
        stack.pop()


def note(name: str) -> None:
    """Say what the module that is being loaded asks for."""
    if stack and stack[-1] != name:
        say("@", stack[-1], name)


def import_noting(
    name: str,
    globals: "dict[str, object] | None" = None,  # noqa: A002  # the names are those of the function it stands for
    locals: "dict[str, object] | None" = None,  # noqa: A002
    fromlist: "tuple[str, ...]" = (),
    level: int = 0,
) -> object:
    """Do as `__import__` does, and note what was asked for."""
    result = importer(name, globals, locals, fromlist, level)
    package = name
    if level:
        around = (globals or {}).get("__package__") or str((globals or {}).get("__name__", "")).rpartition(".")[0]
        parents = str(around).split(".")
        package = ".".join([*parents[: len(parents) - level + 1], *([name] if name else [])])
    if package in sys.modules:
        note(package)
    for item in fromlist or ():
        if package + "." + str(item) in sys.modules:
            note(package + "." + item)
    return result


def import_by_name_noting(name: str, package: "str | None" = None, level: int = 0) -> object:
    """Do as `importlib.import_module` does, and note what was asked for."""
    result = import_by_name(name, package, level)
    if not level:
        note(name)
    return result


def run_measuring(code: object, name: str, hook: object, names: "dict[str, object]") -> None:
    """Run one piece of code as if it were a module."""

    def run(_name: str, _import: object) -> None:
        exec(code, names)  # type: ignore[arg-type]  # a code object, whose type would have to be imported

    global loader
    real = loader
    loader = lambda known, import_: (run if known == name else real)(known, import_)  # noqa: E731
    try:
        hook(name, None)  # type: ignore[operator]  # one of the functions above
    except BaseException as error:
        say("!", name, type(error).__name__ + ": " + str(error).replace("\n", " ")[:200])
    finally:
        loader = real


def main() -> None:
    """Do as the arguments say."""
    global output
    arguments = sys.argv[1:]
    del sys.argv[1:]
    probe, mode = arguments.pop(0), arguments.pop(0)
    if arguments[0] == "--compiling":
        arguments.pop(0)
        sys.path.insert(0, probe.rpartition(os.sep)[0])
        from probe import compile_on_import  # type: ignore[import-not-found]  # found by its path

        del sys.path[0]
        compile_on_import()
    output = os.open(arguments.pop(0), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    module = type(sys)("measured")
    sys.modules["measured"] = module
    exec(compile(arguments.pop(0), "<setup>", "exec"), module.__dict__)
    codes = [compile(text, "<code>", "exec") for text in arguments]
    hooks = {"memory": load_measuring_memory, "cpu": load_measuring_time, "imports": load_noting_imports}
    hook = hooks[mode]
    vars(importing)["_find_and_load_unlocked"] = hook
    if mode == "imports":
        builtins.__import__ = import_noting  # type: ignore[assignment]  # its signature is overloaded
        vars(importing)["_gcd_import"] = import_by_name_noting
    if mode == "memory":
        vars(importing)["_find_spec"] = find_noting_extensions
        new_libraries()
        resident()
    for number, code in enumerate(codes):
        run_measuring(code, "<" + str(number) + ">", hook, module.__dict__)
    for kind, name, value in times:
        say(kind, name, value)
    if mode == "imports":
        for name, loaded in list(sys.modules.items()):
            origin = getattr(getattr(loaded, "__spec__", None), "origin", None)
            say("=", name, origin or "")
    os._exit(0)


output = 2
if __name__ == "__main__":
    main()
