<?php
// A table of the SDK's tests: passed, skipped with the reason, failed. Ends with 1 when one failed,
// asserted nothing or did not run. A test is skipped that the SDK itself breaks: SKIPS.txt tells
// NAME|WORDS OF ITS ERROR|REASON, and it counts as failed when it ends in any other way.
//   php report.php RESULTS.xml SKIPS.txt SDK

[, $results, $skips, $sdk] = $argv;

$rows = [];
$xml = is_file($results) ? simplexml_load_file($results) : false;
foreach ($xml ? $xml->xpath('//testcase') : [] as $case) {
    $class = substr(strrchr((string)$case['class'], '\\'), 1);
    $told = $case->failure ?: $case->error;
    if (count($told) > 0) {
        $row = ['failed', trim(strtok((string)$told[0], "\n") . ' ' . strtok("\n"))];
    } elseif ($case->skipped) {
        $row = ['failed', 'not run: a test that it depends on failed'];
    } elseif ((int)$case['assertions'] === 0) {
        $row = ['failed', 'asserted nothing'];
    } else {
        $row = ['passed', $case['assertions'] . ' assertions'];
    }
    $rows["$class::{$case['name']}"] = $row;
}
foreach (file($skips, FILE_IGNORE_NEW_LINES | FILE_SKIP_EMPTY_LINES) as $line) {
    [$name, $words, $reason] = explode('|', $line, 3);
    [$result, $why] = $rows[$name] ?? ['failed', 'is in the list of skipped ones and did not run'];
    if ($result === 'passed') {
        $rows[$name] = ['failed', 'passes: it is no longer to be skipped'];
    } elseif (str_contains($why, $words ?: 'not run: ')) {
        $rows[$name] = ['skipped', $reason];
    }
}
// What the SDK has and nobody ran would be a hole.
foreach (array_merge(glob("$sdk/test/Api/Loyalty*ApiTest.php"), ["$sdk/test/Api/SmartTransactionsApiTest.php"]) as $file) {
    preg_match_all('/public function (test\w+)\(/', file_get_contents($file), $methods);
    foreach ($methods[1] as $method) {
        $rows[basename($file, '.php') . "::$method"] ??= ['failed', 'did not run'];
    }
}

ksort($rows);
$counts = ['passed' => 0, 'skipped' => 0, 'failed' => 0];
$width = max(array_map('strlen', array_keys($rows)));
foreach ($rows as $name => [$result, $why]) {
    $counts[$result]++;
    printf("%-7s  %-{$width}s  %s\n", $result, $name, $why);
}
echo "{$counts['passed']} passed, {$counts['skipped']} skipped, {$counts['failed']} failed\n";
exit($counts['failed'] === 0 && $counts['passed'] > 0 ? 0 : 1);
