#!/bin/sh
# Sets the checkout up: Python and its packages, the front end, translations, and Chromium for
# the tests. Each part is done again only when what it is made from has changed.
#   tools/setup.sh run     what `make run` needs
#   tools/setup.sh test    the development tools and a browser as well
set -eu
cd "$(dirname "$0")/.."

VENV=.venv
PYTHON=${PYTHON:-python3}
LOGS=.build/log
mkdir -p "$LOGS"

say() { printf '%s\n' "• $*"; }
fail() { printf '\n%s\n' "Не получилось. $*" >&2; exit 1; }

# sum FILE…: one line that changes when any of the files does
sum() { cat "$@" | sha256sum | cut -d' ' -f1; }

# is STAMP VALUE: true when the stamp says that this very state has been set up
is() { [ "$(cat "$1" 2>/dev/null || true)" = "$2" ]; }

# quietly NAME COMMAND…: output into a log, which is shown when the command fails
quietly() {
    log="$LOGS/$1.log"; shift
    "$@" >"$log" 2>&1 || { tail -n 25 "$log" >&2; return 1; }
}

python_environment() {
    command -v "$PYTHON" >/dev/null 2>&1 || fail "Нужен Python 3.11 или новее: apt install python3"
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        fail "Нужен Python 3.11 или новее, а $PYTHON — $("$PYTHON" -V 2>&1)." \
             "Укажите другой: make run PYTHON=python3.12"
    here=$(pwd -P)
    if ! "$VENV/bin/python" -c '' 2>/dev/null || { [ -e "$VENV/.place" ] && ! is "$VENV/.place" "$here"; }
    then
        say "Окружение Python…"
        rm -rf "$VENV"
        "$PYTHON" -m venv "$VENV" >"$LOGS/venv.log" 2>&1 || {
            rm -rf "$VENV"
            fail "Не создаётся окружение Python: apt install python3-venv ($(tail -n 3 "$LOGS/venv.log"))"
        }
    fi
    printf '%s' "$here" >"$VENV/.place"
}

# python_packages LOCK STAMP
python_packages() {
    state="$("$VENV/bin/python" -V) $(sum "$1")"
    if is "$VENV/$2" "$state"; then return 0; fi
    total=$(grep -c '==' "$1")
    say "Пакеты Python: $total, при первом запуске 1–3 минуты…"
    log="$LOGS/packages.log"
    {
        "$VENV/bin/python" -m pip install --require-hashes --no-input --progress-bar off \
            --disable-pip-version-check --no-compile -r "$1" 2>&1 || echo "setup: failed"
    } | tee "$log" | awk '
        /^Collecting / { n += 1; if (n % 10 == 0) { printf "    %d\n", n; fflush() } }
        /^Installing collected/ { print "    устанавливаются…"; fflush() }'
    if grep -q '^setup: failed' "$log"; then
        grep -v '^WARNING' "$log" | tail -n 15 >&2
        fail "Пакеты Python не установились. Проверьте доступ к сети и повторите."
    fi
    printf '%s' "$state" >"$VENV/$2"
}

front_end() {
    [ -f package.json ] || return 0
    PATH="$(pwd -P)/$VENV/bin:$PATH"; export PATH
    state=$(sum package.json package-lock.json)
    if ! is node_modules/.state "$state"; then
        say "Пакеты интерфейса…"
        quietly npm npm ci --no-audit --no-fund --no-update-notifier ||
            fail "npm ci завершился с ошибкой. Проверьте доступ к сети и повторите."
        printf '%s' "$state" >node_modules/.state
    fi
    state=$(find frontend package.json package-lock.json -type f -print | LC_ALL=C sort |
        xargs sha256sum | sha256sum | cut -d' ' -f1)
    if is .build/front-end "$state" && [ -d app/static/dist ]; then return 0; fi
    say "Сборка интерфейса…"
    quietly build npm run --silent build || fail "Интерфейс не собрался."
    printf '%s' "$state" >.build/front-end
}

translations() {
    for source in translations/*/LC_MESSAGES/*.po; do
        [ -f "$source" ] || continue
        state=$(sum "$source")
        stamp=".build/$(printf '%s' "$source" | tr '/' '-')"
        if is "$stamp" "$state" && [ -f "${source%.po}.mo" ]; then continue; fi
        say "Перевод $source…"
        quietly translations "$VENV/bin/pybabel" compile -i "$source" -o "${source%.po}.mo" ||
            fail "Перевод $source не собрался."
        printf '%s' "$state" >"$stamp"
    done
}

has_chromium() {
    [ -n "${PORTAL_CHROMIUM:-}" ] && return 0
    for name in "$@"; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

# The shell is the engine without windows, which the tests get on with in half the time.
browser() {
    if has_chromium chromium-headless-shell; then return 0; fi
    any="chromium chromium-browser google-chrome google-chrome-stable"
    if ! command -v apt-get >/dev/null 2>&1; then as=none
    elif [ "$(id -u)" = 0 ]; then as=
    elif sudo -n true 2>/dev/null; then as="sudo -n"
    else as=none
    fi
    # shellcheck disable=SC2086
    if [ "$as" = none ] && has_chromium $any; then return 0; fi
    if [ "$as" = none ]; then
        say "Chromium не найден, а установить его нет прав: тесты в браузере будут пропущены." \
            "Установите chromium или укажите его в PORTAL_CHROMIUM."
        return 0
    fi
    say "Chromium для тестов в браузере…"
    # shellcheck disable=SC2086
    quietly apt-update $as apt-get update || true
    # shellcheck disable=SC2086
    for name in chromium-headless-shell chromium; do
        if [ "$name" = chromium ] && has_chromium $any; then return 0; fi
        quietly chromium $as env DEBIAN_FRONTEND=noninteractive apt-get install -y \
            --no-install-recommends "$name" && return 0
    done
    say "Chromium не установился: тесты в браузере будут пропущены."
}

python_environment
case "${1:-run}" in
    run)
        python_packages requirements.txt .packages
        ;;
    test)
        python_packages requirements-dev.txt .packages-dev
        printf '%s' "$("$VENV/bin/python" -V) $(sum requirements.txt)" >"$VENV/.packages"
        browser
        ;;
    *) fail "Неизвестно, что готовить: $1" ;;
esac
front_end
translations
