<?php
// A till's day through the SDK's client: pairs a device, charges a card, applies it, pays, cancels,
// lists transactions and looks up the card, and holds every amount against the arithmetic.
//   php story.php SDK        ends with 1 at the first thing that is otherwise

require __DIR__ . '/autoload.php';

use Secuconnect\Client\Api\LoyaltyCustomersApi;
use Secuconnect\Client\Api\LoyaltyMerchantCardsApi;
use Secuconnect\Client\Api\SmartTransactionsApi;
use Secuconnect\Client\ApiException;
use Secuconnect\Client\Authentication\Authenticator;
use Secuconnect\Client\Globals;
use Secuconnect\Client\Model\Address;
use Secuconnect\Client\Model\Contact;
use Secuconnect\Client\Model\LoyaltyCustomersDTO;
use Secuconnect\Client\Model\LoyaltyMerchantcardsDTOTransaction;
use Secuconnect\Client\Model\SmartTransactionsBasket;
use Secuconnect\Client\Model\SmartTransactionsBasketInfo;
use Secuconnect\Client\Model\SmartTransactionsBasketProduct;
use Secuconnect\Client\Model\SmartTransactionsDTO;
use Secuconnect\Client\Model\SmartTransactionsIdent;

Kasse\autoload($argv[1]);

const GIFT_CARD = '9276004429942845';
const BONUS_CARD = '9276004424644352';

/** Holds $found against $expected, both shown when they differ. */
function same(string $what, $expected, $found): void
{
    if ($expected !== $found) {
        echo "FAILED  $what: expected ", json_encode($expected), ', found ', json_encode($found), "\n";
        exit(1);
    }
    echo "ok  $what: ", json_encode($found, JSON_UNESCAPED_UNICODE), "\n";
}

/** A transaction of [id, description, article number, EAN, quantity, price, tax] for a card. */
function sale(string $card, string $reference, array $lines): SmartTransactionsDTO
{
    $products = [];
    $sum = 0;
    foreach ($lines as [$id, $desc, $number, $ean, $quantity, $price, $tax]) {
        $product = new SmartTransactionsBasketProduct();
        $product->setId($id)->setDesc($desc)->setArticleNumber($number);
        $product->setQuantity($quantity)->setPriceOne($price)->setTax($tax);
        if ($ean !== null) {
            $product->setEan($ean);
        }
        $products[] = $product;
        $sum += $quantity * $price;
    }
    $sale = new SmartTransactionsDTO();
    $sale->setIsDemo(true)->setIntent('sale')->setTransactionRef($reference);
    $sale->setIdents([new SmartTransactionsIdent(['type' => 'card', 'value' => $card])]);
    $sale->setBasket((new SmartTransactionsBasket())->setProducts($products));
    $sale->setBasketInfo((new SmartTransactionsBasketInfo())->setSum($sum)->setCurrency('EUR'));
    return $sale;
}

function bakery(string $card, string $reference): SmartTransactionsDTO
{
    return sale($card, $reference, [
        [1, 'Sandwich Romano', '30037', null, 1, 349, 7],
        [2, 'Fruit salad, small bowl', '30200', null, 1, 249, 7],
        [3, 'Water, mildly sprinkling, 0.25 ltr.', '51', '4999012345678', 2, 99, 19],
    ]);
}

/** The amounts of a receipt, by the line above each. */
function amounts($receipt): array
{
    $amounts = [];
    $above = '';
    foreach ($receipt as $line) {
        $text = $line->getValue()['text'] ?? '';
        if (preg_match('/^-?\d+,\d\d EUR$/', $text)) {
            $amounts[$above] = $text;
        }
        $above = $text;
    }
    return $amounts;
}

$transactions = new SmartTransactionsApi();
$cards = new LoyaltyMerchantCardsApi();

/** Cash, bonus and balance of a card, as the look-up tells them. */
$look_up = function (string $number) use ($cards): array {
    $found = $cards->getAll(null, null, null, "card.cardnumber:$number");
    same('cards with this number', 1, $found->getCount());
    $card = $found->getData()[0];
    same('the card that is found', $number, $card->getCard()->getCardnumber());
    return [$card->getCashBalance(), $card->getBonusBalance(), $card->getBalance()];
};

try {
    echo "-- pairing (the SDK asks every five seconds)\n";
    $token = Authenticator::authenticateByDevice(...array_values(Globals::OAuthDeviceCredentials));
    same('the length of the token', 26, strlen($token));

    echo "-- charging\n";
    same('the card before', [0, 0, 0], $look_up(GIFT_CARD));
    $line = [1, 'Kartenaufladung 15 EUR', '', '4260447149502', 1, 1500, 0];
    $charge = $transactions->addTransaction(sale(GIFT_CARD, 'story-charge', [$line]));
    same('its status', 'created', $charge->getStatus());
    same('the card is valid', true, $charge->getIdents()[0]->getValid());
    $charge = $transactions->startTransaction($charge->getId(), 'cash', null);
    same('its status', 'ok', $charge->getStatus());
    same('bookings', 1, count($charge->getTransactions()));
    same('its receipt', [
        'Umsatz erfasst:' => '15,00 EUR',
        'wurde aufgeladen:' => '15,00 EUR',
        'Aktuelles Guthaben' => '15,00 EUR',
    ], amounts($charge->getReceipt()));
    same('the card', [1500, 0, 1500], $look_up(GIFT_CARD));

    echo "-- applying the card and paying with it alone\n";
    $sale = $transactions->addTransaction(bakery(GIFT_CARD, 'story-gift'));
    same('its sum', 796, $sale->getBasketInfo()->getSum());
    $applied = $transactions->preTransaction($sale->getId());
    same('what is missing', 0, $applied->getMissingSum());
    same('bonus products', [], (array)$applied->getBonusProducts());
    same('its status', 'processing', $transactions->getOne($sale->getId())->getStatus());
    same('nothing is spent yet', [1500, 0, 1500], $look_up(GIFT_CARD));
    $paid = $transactions->startTransaction($sale->getId(), 'loyalty', null);
    same('its status', 'ok', $paid->getStatus());
    same('the card', [704, 0, 704], $look_up(GIFT_CARD));

    echo "-- a card with cash and bonus, the rest in cash\n";
    $sale = $transactions->addTransaction(bakery(BONUS_CARD, 'story-bonus'));
    $applied = $transactions->preTransaction($sale->getId());
    same('what is missing', 576, $applied->getMissingSum());
    $bonus = [];
    foreach ($applied->getBonusProducts() as $product) {
        $bonus[] = [$product->getId(), $product->getPriceOne(), $product->getTax()];
    }
    same('bonus products', [[4, -15, 7], [5, -5, 19]], $bonus);
    try {
        $transactions->startTransaction($sale->getId(), 'loyalty', null);
        same('the card alone is refused', true, false);
    } catch (ApiException $refused) {
        same('the card alone is refused', 'ProductBackendproviderException', $refused->getResponseBody()->error);
        same('its code', 1005, $refused->getResponseBody()->code);
    }
    $sold = $transactions->startTransaction($sale->getId(), 'cash', null);
    same('its status', 'ok', $sold->getStatus());
    same('its receipt', [
        'Zahlung über:' => '2,20 EUR',
        'Umsatz erfasst:' => '7,76 EUR',
        'Bonus:' => '0,78 EUR',
        'Aktuelles Guthaben' => '0,78 EUR',
    ], amounts($sold->getReceipt()));
    same('the card', [0, 78, 78], $look_up(BONUS_CARD));

    echo "-- cancelling\n";
    foreach ([[$paid, GIFT_CARD, [1500, 0, 1500]], [$sold, BONUS_CARD, [200, 20, 220]]] as [$sale, $card, $holds]) {
        $cancelled = $transactions->cancelTransaction($sale->getId());
        same('its status', 'cancelled', $cancelled->getStatus());
        same('the card as before', $holds, $look_up($card));
    }

    echo "-- lists\n";
    $found = $transactions->getAll(10, 0, null, 'transactionRef:story-gift');
    same('transactions with this reference', 1, $found->getCount());
    same('which one', $paid->getId(), $found->getData()[0]->getId());
    $found = $transactions->getAll(1, 0, null, 'transactionRef:story-*', 'created:asc');
    same('transactions of the story', 3, $found->getCount());
    same('on this page', 1, count($found->getData()));
    $found = $transactions->getAll(10, 0, null, 'transactionRef:story-* AND status:cancelled');
    same('cancelled ones', 2, $found->getCount());
    same('cards with this prefix and money on them', 1, $cards->getAll(
        10, null, null, 'card.cardnumber:92760044299* AND cash_balance:[1 TO 100000]'
    )->getCount());

    echo "-- holders, and a booking without a sale\n";
    $customers = new LoyaltyCustomersApi();
    foreach (['Ahorn', 'Birke'] as $at => $name) {
        $address = (new Address())->setStreet('Gartenweg')->setStreetNumber((string)($at + 1));
        $address->setPostalCode('01896')->setCity('Pulsnitz')->setCountry('DE');
        $contact = (new Contact())->setForename('Kim')->setSurname($name)->setAddress($address);
        $holder = (new LoyaltyCustomersDTO())->setCustomernumber("story$at")->setNote('new');
        $made = $customers->addCustomer($holder->setMerchantContact($contact));
        same('a holder', [$name, (string)($at + 1), "story$at"], [
            $made->getMerchantContact()->getSurname(),
            $made->getMerchantContact()->getAddress()->getStreetNumber(),
            $made->getCustomernumber(),
        ]);
        same('is found by its number alone', 1, $customers->getAll(null, null, null, "story$at")->getCount());
        same('and reads as it was made', true, $customers->getOne($made->getId()) == $made);
        $changed = $customers->updateCustomer($made->getId(), $holder->setNote('known'));
        same('its note', 'known', $changed->getNote());
    }
    $id = $cards->getAll(1, null, null, 'card.cardnumber:' . GIFT_CARD)->getData()[0]->getId();
    $booking = new LoyaltyMerchantcardsDTOTransaction(['action' => 'charge', 'amount' => 20]);
    $booked = $cards->executeTransaction($id, $id, $booking);
    same('the amount on its receipt', true, in_array('0,20 EUR', amounts($booked->getReceipt()), true));
    same('the card', [1520, 0, 1520], $look_up(GIFT_CARD));
} catch (ApiException $error) {
    echo 'FAILED  ', $error->getMessage(), "\n", json_encode($error->getResponseBody()), "\n";
    exit(1);
}
