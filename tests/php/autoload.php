<?php
// Finds the SDK's classes. Its tests and its files spell some of them differently
// (LoyaltyMerchantcardsApi, LoyaltyMerchantCardsApi.php), so case does not count.

namespace Kasse;

require_once 'Psr/Cache/autoload.php';
@include_once 'Psr/Log/autoload.php';

function autoload(string $sdk): void
{
    $files = [];
    foreach (['lib', 'test'] as $folder) {
        $found = new \RecursiveIteratorIterator(
            new \RecursiveDirectoryIterator("$sdk/$folder", \FilesystemIterator::SKIP_DOTS)
        );
        foreach ($found as $file) {
            $name = substr($file->getPathname(), strlen("$sdk/$folder/"), -strlen('.php'));
            $files[strtolower($name)] = $file->getPathname();
        }
    }
    spl_autoload_register(function (string $class) use ($files): void {
        $prefix = 'Secuconnect\\Client\\';
        if (strncmp($class, $prefix, strlen($prefix)) !== 0) {
            return;
        }
        $name = strtolower(str_replace('\\', '/', substr($class, strlen($prefix))));
        if (isset($files[$name])) {
            require_once $files[$name];
        }
    });
}

if (getenv('SDK_COPY')) {
    autoload(getenv('SDK_COPY'));
}
