"""The names of the standard library, the same whichever interpreter gwlint itself runs on.

Sources: `sys.stdlib_module_names` of CPython 3.10 to 3.13, with what 3.9 still had and 3.14 adds; and the modules
that `awslambdaric` 4.2.2, the bootstrap of the managed Python runtimes, has loaded on 3.12 before any handler.
"""

NAMES = frozenset(
    {
        "__future__", "_thread", "abc", "aifc", "annotationlib", "antigravity", "argparse", "array", "ast",
        "asynchat", "asyncio", "asyncore", "atexit", "audioop", "base64", "bdb", "binascii", "binhex", "bisect",
        "builtins", "bz2", "cProfile", "calendar", "cgi", "cgitb", "chunk", "cmath", "cmd", "code", "codecs",
        "codeop", "collections", "colorsys", "compileall", "compression", "concurrent", "configparser",
        "contextlib", "contextvars", "copy", "copyreg", "crypt", "csv", "ctypes", "curses", "dataclasses",
        "datetime", "dbm", "decimal", "difflib", "dis", "distutils", "doctest", "dummy_threading", "email",
        "encodings", "ensurepip", "enum", "errno", "faulthandler", "fcntl", "filecmp", "fileinput", "fnmatch",
        "formatter", "fractions", "ftplib", "functools", "gc", "genericpath", "getopt", "getpass", "gettext",
        "glob", "graphlib", "grp", "gzip", "hashlib", "heapq", "hmac", "html", "http", "idlelib", "imaplib",
        "imghdr", "imp", "importlib", "inspect", "io", "ipaddress", "itertools", "json", "keyword", "lib2to3",
        "linecache", "locale", "logging", "lzma", "macpath", "mailbox", "mailcap", "marshal", "math", "mimetypes",
        "mmap", "modulefinder", "msilib", "msvcrt", "multiprocessing", "netrc", "nis", "nntplib", "nt", "ntpath",
        "nturl2path", "numbers", "opcode", "operator", "optparse", "os", "ossaudiodev", "parser", "pathlib", "pdb",
        "pickle", "pickletools", "pipes", "pkgutil", "platform", "plistlib", "poplib", "posix", "posixpath",
        "pprint", "profile", "pstats", "pty", "pwd", "py_compile", "pyclbr", "pydoc", "pydoc_data", "pyexpat",
        "queue", "quopri", "random", "re", "readline", "reprlib", "resource", "rlcompleter", "runpy", "sched",
        "secrets", "select", "selectors", "shelve", "shlex", "shutil", "signal", "site", "smtpd", "smtplib",
        "sndhdr", "socket", "socketserver", "spwd", "sqlite3", "sre_compile", "sre_constants", "sre_parse", "ssl",
        "stat", "statistics", "string", "stringprep", "struct", "subprocess", "sunau", "symbol", "symtable", "sys",
        "sysconfig", "syslog", "tabnanny", "tarfile", "telnetlib", "tempfile", "termios", "textwrap", "this",
        "threading", "time", "timeit", "tkinter", "token", "tokenize", "tomllib", "trace", "traceback",
        "tracemalloc", "tty", "turtle", "turtledemo", "types", "typing", "unicodedata", "unittest", "urllib", "uu",
        "uuid", "venv", "warnings", "wave", "weakref", "webbrowser", "winreg", "winsound", "wsgiref", "xdrlib",
        "xml", "xmlrpc", "zipapp", "zipfile", "zipimport", "zlib", "zoneinfo",
    }
)  # fmt: skip
"""Top-level modules of any supported version, the private ones left out."""

REMOVED = frozenset(
    {
        "aifc", "asynchat", "asyncore", "audioop", "binhex", "cgi", "cgitb", "chunk", "crypt", "distutils",
        "dummy_threading", "formatter", "imghdr", "imp", "lib2to3", "macpath", "mailcap", "msilib", "nis", "nntplib",
        "ossaudiodev", "parser", "pipes", "smtpd", "sndhdr", "spwd", "sunau", "symbol", "telnetlib", "uu", "xdrlib",
    }
)  # fmt: skip
"""Those of `NAMES` that 3.13 has no more. Nobody misses what a file of such a name hides."""

LOADED_AT_START = frozenset(
    {
        "_thread", "abc", "atexit", "builtins", "codecs", "collections", "contextlib", "copyreg", "decimal",
        "encodings", "enum", "errno", "faulthandler", "functools", "gc", "genericpath", "importlib", "io",
        "itertools", "json", "keyword", "linecache", "logging", "marshal", "math", "numbers", "operator", "os",
        "posix", "posixpath", "pwd", "re", "reprlib", "stat", "string", "sys", "textwrap", "threading", "time",
        "token", "tokenize", "traceback", "types", "warnings", "weakref", "zipimport",
    }
)  # fmt: skip
"""Modules that are built in or already loaded when the first line of a handler's code runs: no file can take their
place, however the search path is ordered."""


def is_standard(module: str) -> bool:
    """Tell whether a dotted name is the standard library's, private modules included."""
    top = module.partition(".")[0]
    return top in NAMES or (top.startswith("_") and top[1:] in NAMES)
