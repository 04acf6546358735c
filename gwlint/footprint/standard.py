"""The standard library of one version of Python on Linux, whichever interpreter gwlint itself runs on.

Sources: `sys.stdlib_module_names` and the files of CPython 3.10 to 3.13, with what the documentation says of 3.14.
"""

from gwlint.stdlib import is_standard

Version = tuple[int, int]

_ADDED: dict[str, Version] = {
    "tomllib": (3, 11), "_pydatetime": (3, 12), "_pylong": (3, 12), "_sha2": (3, 12), "_colorize": (3, 13),
    "_interpreters": (3, 13), "_opcode_metadata": (3, 13), "_sysconfig": (3, 13), "annotationlib": (3, 14),
    "compression": (3, 14), "_zstd": (3, 14),
}  # fmt: skip
_REMOVED: dict[str, Version] = {
    **dict.fromkeys(("dummy_threading", "formatter", "macpath", "parser", "symbol"), (3, 10)),
    **dict.fromkeys(("binhex",), (3, 11)),
    **dict.fromkeys(("_sha256", "_sha512", "asynchat", "asyncore", "distutils", "imp", "smtpd"), (3, 12)),
    **dict.fromkeys(
        (
            "_crypt", "aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "lib2to3", "mailcap", "nis",
            "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib", "uu", "xdrlib",
        ),
        (3, 13),
    ),
}  # fmt: skip
_OF_OTHER_SYSTEMS = frozenset(
    {
        "_android_support", "_ios_support", "_msi", "_overlapped", "_scproxy", "_winapi", "_wmi", "msilib", "msvcrt",
        "nt", "winreg", "winsound",
    }
)  # fmt: skip
_PRIVATE = frozenset(
    {
        "_aix_support", "_blake2", "_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr",
        "_codecs_tw", "_collections_abc", "_colorize", "_compat_pickle", "_curses_panel", "_elementtree",
        "_frozen_importlib", "_frozen_importlib_external", "_gdbm", "_interpchannels", "_interpqueues",
        "_interpreters", "_lsprof", "_markupbase", "_md5", "_multibytecodec", "_opcode_metadata", "_osx_support",
        "_posixshmem", "_posixsubprocess", "_py_abc", "_pydatetime", "_pydecimal", "_pyio", "_pylong", "_sha1",
        "_sha2", "_sha256", "_sha3", "_sha512", "_sitebuiltins", "_sre", "_strptime", "_suggestions",
        "_threading_local", "_weakrefset", "_zstd",
    }
)  # fmt: skip
_SUBMODULES: dict[str, str] = {
    "asyncio": (
        "base_events base_futures base_subprocess base_tasks constants coroutines events exceptions "
        "format_helpers futures graph locks log mixins proactor_events protocols queues runners selector_events "
        "sslproto staggered streams subprocess taskgroups tasks threads timeouts tools transports trsock "
        "unix_events windows_events windows_utils"
    ),
    "collections": "abc",
    "compression": "bz2 gzip lzma zlib zstd",
    "concurrent": "futures interpreters",
    "concurrent.futures": "_base interpreter process thread",
    "ctypes": "_aix _endian macholib util wintypes",
    "ctypes.macholib": "dyld dylib framework",
    "curses": "ascii panel textpad",
    "dbm": "dumb gnu ndbm sqlite3",
    "distutils": "command core errors spawn sysconfig util version",
    "email": (
        "_encoded_words _header_value_parser _parseaddr _policybase base64mime charset contentmanager encoders "
        "errors feedparser generator header headerregistry iterators message mime parser policy quoprimime utils"
    ),
    "email.mime": "application audio base image message multipart nonmultipart text",
    "encodings": "aliases ascii cp437 idna latin_1 punycode utf_8 utf_8_sig",
    "html": "entities parser",
    "http": "client cookiejar cookies server",
    "importlib": (
        "_abc _adapters _bootstrap _bootstrap_external _common abc machinery metadata readers resources simple util"
    ),
    "importlib.metadata": "_adapters _collections _functools _itertools _meta _text diagnose",
    "importlib.resources": "_adapters _common _functional _itertools _legacy abc readers simple",
    "json": "decoder encoder scanner tool",
    "logging": "config handlers",
    "multiprocessing": (
        "connection context dummy forkserver heap managers pool popen_fork popen_forkserver popen_spawn_posix "
        "popen_spawn_win32 process queues reduction resource_sharer resource_tracker shared_memory sharedctypes "
        "spawn synchronize util"
    ),
    "multiprocessing.dummy": "connection",
    "os": "path",
    "pathlib": "_abc _local types",
    "re": "_casefix _compiler _constants _parser",
    "sqlite3": "dbapi2 dump",
    "string": "templatelib",
    "test": "support",
    "tkinter": "constants filedialog font messagebox ttk",
    "tomllib": "_parser _re _types",
    "unittest": "_log async_case case loader main mock result runner signals suite util",
    "urllib": "error parse request response robotparser",
    "wsgiref": "handlers headers simple_server types util validate",
    "xml": "dom etree parsers sax",
    "xml.dom": "NodeFilter domreg expatbuilder minicompat minidom pulldom xmlbuilder",
    "xml.etree": "ElementInclude ElementPath ElementTree cElementTree",
    "xml.parsers": "expat",
    "xml.sax": "_exceptions expatreader handler saxutils xmlreader",
    "xmlrpc": "client server",
    "zipfile": "_path",
    "zipfile._path": "glob",
    "zoneinfo": "_common _tzpath _zoneinfo",
}

SUBMODULES = frozenset(f"{package}.{name}" for package, names in _SUBMODULES.items() for name in names.split())
"""The submodules of any version, but for tests, codecs and what nobody imports."""


def has(module: str, python: Version) -> bool:
    """Tell whether a dotted name may be a module of the standard library, by the first part of it."""
    top = module.partition(".")[0]
    if top in _OF_OTHER_SYSTEMS or not (top in _PRIVATE or is_standard(top)):
        return False
    return _ADDED.get(top, python) <= python and not (top in _REMOVED and _REMOVED[top] <= python)


def is_elsewhere(module: str) -> bool:
    """Tell whether a name is the standard library's on other systems, or in other versions of Python."""
    top = module.partition(".")[0]
    return top in _OF_OTHER_SYSTEMS or top in _ADDED or top in _REMOVED
