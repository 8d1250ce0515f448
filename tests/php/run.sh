#!/usr/bin/env bash
# Runs the vendor's PHP SDK against `kasse sandbox`: a story of ours through the SDK's client, then
# the SDK's own test classes for Smart Transactions and Loyalty.
#
#   SECUCONNECT_PHP_SDK=DIRECTORY tests/php/run.sh
#
# DIRECTORY is a checkout of the SDK's public repository, secuconnect/secuconnect-php-sdk; it is
# only read. Needed besides: php with curl and mbstring, phpunit 9, and psr/cache on PHP's include
# path, as distributions package them (php-cli, php-curl, php-mbstring, phpunit, php-psr-cache).
# What is missing is named, and the script ends well. SANDBOX_PROGRAM names a kasse that is built
# already. Ends with 1 when anything fails.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

skip() {
    echo "skipped: $1"
    exit 0
}

command -v php >/dev/null || skip "PHP is not installed"
command -v phpunit >/dev/null || skip "phpunit is not installed"
for extension in curl json mbstring dom; do
    php -r "exit(extension_loaded('$extension') ? 0 : 1);" || skip "PHP has no $extension"
done
php -r "exit(stream_resolve_include_path('Psr/Cache/autoload.php') ? 0 : 1);" ||
    skip "psr/cache is not on PHP's include path"
sdk=${SECUCONNECT_PHP_SDK:-}
[ -n "$sdk" ] || skip "SECUCONNECT_PHP_SDK does not say where the SDK is"
[ -f "$sdk/lib/Configuration.php" ] && [ -f "$sdk/test/Globals.php" ] ||
    skip "there is no SDK with its tests in SECUCONNECT_PHP_SDK"

program=${SANDBOX_PROGRAM:-}
if [ -z "$program" ]; then
    root=$(cd "$here/../.." && pwd)
    "${CARGO:-cargo}" build --locked --quiet --manifest-path "$root/Cargo.toml"
    program=${CARGO_TARGET_DIR:-$root/target}/debug/kasse
fi

work=$(mktemp -d)
sandbox=
cleanup() {
    if [ -n "$sandbox" ]; then
        kill "$sandbox" 2>/dev/null || true
        wait "$sandbox" 2>/dev/null || true
    fi
    rm -rf "$work"
}
trap cleanup EXIT
# Named a and b for the difference that is shown. The SDK keeps tokens in tmp: none of former runs.
for copy in a b; do
    mkdir -p "$work/$copy/tmp"
    cp -R "$sdk/lib" "$sdk/test" "$work/$copy"
done

# The accounts of the fixtures, and the one that the SDK's tests bring along.
php -r '
    require $argv[1];
    $fixtures = json_decode(file_get_contents($argv[2]), true, 64, JSON_THROW_ON_ERROR);
    $own = Secuconnect\Client\Globals::OAuthClientCredentials;
    $fixtures["accounts"][] =
        ["client_id" => $own["clientId"], "client_secret" => $own["clientSecret"]];
    echo json_encode($fixtures, JSON_THROW_ON_ERROR);
' "$work/a/test/Globals.php" "$here/fixtures.json" >"$work/fixtures.json"

mkfifo "$work/told"
XDG_CONFIG_HOME="$work" XDG_STATE_HOME="$work" "$program" sandbox --listen 127.0.0.1:0 --seed 1 \
    --confirm-after 1 --fixtures "$work/fixtures.json" >"$work/told" &
sandbox=$!
# Both ends, so that the sandbox never writes to nobody.
exec 3<>"$work/told"
read -r -t 20 line <&3 || { echo "the sandbox did not start"; exit 1; }
address=${line#listening on http://}

# The host, and what the SDK's own test configuration leaves open.
sed -i.orig -e "s|\(DEFAULT_HOST = '\)[^']*'|\1$address'|" -e "s|'https://'|'http://'|" \
    "$work/b/lib/Configuration.php"
sed -i.orig -e "/=> '\.\.\.'/{
    s#'\(clientId\|clientSecret\|username\|password\)' => '\.\.\.'#'\1' => 'sandbox'#
    s|'device' => '\.\.\.'|'device' => '/vendor/sdk/serial/user'|
    s|'deviceName' => '\.\.\.'|'deviceName' => 'SDK tests'|
    s|'uuid' => '\.\.\.'|'uuid' => '/vendor/sdk/serial/device'|
}" "$work/b/test/Globals.php"
sed -i.orig -e "s|'number' => \"92760\.\.\.\"|'number' => \"9276004423382427\"|" \
    -e "s|'pin' => \"\.\.\.\"|'pin' => \"4471\"|" "$work/b/test/Api/SecuconnectObjects.php"
find "$work/b" -name '*.orig' -delete

echo "== What is changed in the SDK"
(cd "$work" && diff -ru a b) || true
changed=$(cd "$work" && { diff -rq a b || true; } | wc -l)
[ "$changed" -eq 3 ] || { echo "expected changes in 3 files, not in $changed"; exit 1; }

echo "== The story"
# All but deprecations: the SDK is written for older PHP, too.
timeout 120 php -d 'error_reporting=E_ALL & ~E_DEPRECATED' "$here/story.php" "$work/b"

echo "== The SDK's own tests"
{
    echo '<phpunit><testsuites><testsuite name="SDK">'
    for file in "$work"/b/test/Api/Loyalty*ApiTest.php "$work/b/test/Api/SmartTransactionsApiTest.php"; do
        echo "<file>$file</file>"
    done
    echo '</testsuite></testsuites></phpunit>'
} >"$work/phpunit.xml"
# What it answers is told by the report.
SDK_COPY="$work/b" timeout 240 phpunit --configuration "$work/phpunit.xml" \
    --bootstrap "$here/autoload.php" --do-not-cache-result --log-junit "$work/results.xml" \
    >"$work/phpunit.log" || true
code=0
php "$here/report.php" "$work/results.xml" "$here/skips.txt" "$work/b" || code=$?
[ "$code" -eq 0 ] || cat "$work/phpunit.log"
kill -0 "$sandbox" || { echo "the sandbox has ended"; exit 1; }
exit "$code"
