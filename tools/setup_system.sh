#!/bin/sh
# Brings what the tests need from the system: a PostgreSQL server's binaries and Chromium.
# As root on Debian/Ubuntu missing ones are installed; otherwise this only says what is missing:
# the tests then use the packaged PostgreSQL, and skip the browser (a failure when CI is set).
set -eu

has_postgres() {
    command -v initdb >/dev/null 2>&1 && return 0
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        [ -x "$initdb" ] && return 0
    done
    return 1
}

has_chromium() {
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1
}

# pdfsig verifies sealed files independently; its test says so when it is not here.
has_pdfsig() {
    command -v pdfsig >/dev/null 2>&1
}

missing=""
has_postgres || missing="$missing postgresql"
has_chromium || missing="$missing chromium"
has_pdfsig || missing="$missing poppler-utils"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Not on this machine:$missing. The tests go on with what is here and name what they could not run." >&2
    exit 0
fi

echo "Installing from the system's packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -q update || { echo "The package lists could not be fetched; going on without:$missing" >&2; exit 0; }
for package in $missing; do
    if [ "$package" = postgresql ]; then
        apt-get -q install -y --no-install-recommends postgresql-15 ||
            apt-get -q install -y --no-install-recommends postgresql ||
            echo "PostgreSQL could not be installed" >&2
    elif [ "$package" = poppler-utils ]; then
        apt-get -q install -y --no-install-recommends poppler-utils ||
            echo "poppler-utils could not be installed" >&2
    else
        apt-get -q install -y --no-install-recommends chromium ||
            echo "Chromium could not be installed" >&2
    fi
done
