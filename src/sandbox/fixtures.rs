//! The world a sandbox starts with: merchant, programmes, cards, and the seeds' transaction.
//!
//! Data only, all of it (de)serialisable. Ids and balances that the vendor's documents name are
//! theirs. Card numbers start with 9276, have 16 digits and no valid check digit, as secucard
//! numbers never do. Must not know the ledger.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::wire::{LockStatus, StockStatus};

use super::devices::DeviceFixture;
use super::guests::CheckinFixture;

/// The card of the first seed: a gift card, active, empty.
pub const CARD_EMPTY: &str = "9276004429942845";
/// The card of the second seed: cash 2.00, bonus 0.20, collects 10 % bonus.
pub const CARD_BONUS: &str = "9276004424644352";
/// A gift card with 5.00.
pub const CARD_VOUCHER: &str = "9276004423382427";
/// A gift card with 50,000.00: it covers any basket.
pub const CARD_RICH: &str = "9276004425000006";
/// A locked gift card with 15.00: it can neither pay nor be charged.
pub const CARD_LOCKED: &str = "9276004429999952";
/// A gift card that was never sold: empty and inactive until it is charged for the first time.
pub const CARD_INACTIVE: &str = "9276004420000013";
/// The card of the documented balance look-up: cash 3.00, bonus 0.52, inactive, so it cannot pay.
pub const CARD_DORMANT: &str = "9276004428481652";

/// The code on the back of every card here: the one that the documents check.
pub const CSC: &str = "4471";
/// The passcode of [`CARD_DORMANT`], which asks for it before every operation.
pub const PASSCODE: i64 = 1234;

/// The token that the seeds print; always valid.
pub const SEED_TOKEN: &str = "qb56tjj1bcvo9n2nj4u38k84lo";
/// The transaction of the second seed: 7.96 for [`CARD_BONUS`], waiting for `preTransaction`.
pub const SEED_TRANSACTION: &str = "STX_KJXJDUN542NR3WMRHRVU5WWM6ZQEA2";
/// The one device uuid that the sandbox does not know.
pub const UNKNOWN_DEVICE: &str = "/vendor/unknown/cashier/unknown";
/// The PIN of every device, for the grant `device_pin`; no secret.
pub const DEVICE_PIN: &str = "4711";

/// Everything a sandbox starts with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixtures {
    /// `MRC_…` of the shop.
    pub merchant_id: String,
    /// The shop's name.
    pub companyname: String,
    /// `STO_…`, the store that issued the cards.
    pub store_id: String,
    /// `SDV_…` of the till.
    pub till_id: String,
    /// `SDV_…` of the payment terminal.
    pub terminal_id: String,
    /// Programmes.
    pub groups: Vec<GroupFixture>,
    /// Cards; each names its programme.
    pub cards: Vec<CardFixture>,
    /// Transactions in status `created`.
    pub sales: Vec<SaleFixture>,
    /// Customers who have checked in; those of the default world where a file has none.
    #[serde(default = "super::guests::fixtures")]
    pub checkins: Vec<CheckinFixture>,
    /// Further devices of the merchant, besides till and terminal.
    #[serde(default = "super::devices::fixtures")]
    pub devices: Vec<DeviceFixture>,
    /// Contracts that mixed baskets are enabled for (`GCR_…`).
    #[serde(default = "contracts")]
    pub contracts: Vec<String>,
}

/// A loyalty programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupFixture {
    /// `CRG_…`.
    pub id: String,
    /// What the customer calls it.
    pub name: String,
    /// Address of its picture, if it has one.
    pub picture: Option<String>,
    /// Bonus on eligible revenue, in percent; 0 collects nothing.
    pub bonus_percent: u8,
    /// Points for every full euro of eligible revenue; 0 is a programme without points.
    #[serde(default)]
    pub points_per_euro: u8,
    /// Whether charging the card earns like an article.
    #[serde(default)]
    pub charge_earns: bool,
    /// Whether the bonus is on full prices: what is paid with bonus is not taken off then.
    #[serde(default)]
    pub full_price: bool,
    /// Article numbers and EANs that alone earn; empty lets all earn.
    #[serde(default)]
    pub white_list: Vec<String>,
    /// Article numbers and EANs that earn nothing.
    #[serde(default)]
    pub black_list: Vec<String>,
    /// What a redeemed bonus is called in the basket, one per VAT rate; rates that are not named
    /// get `Bonus VAT 7%` and the like.
    #[serde(default)]
    pub bonus_products: Vec<BonusProductFixture>,
    /// When a passcode is asked for, as on [`CardFixture::passcode`]: for the cards that are made
    /// later.
    #[serde(default)]
    pub passcode: i64,
    /// Whether tills may have cards created by a sale (`create_card`).
    #[serde(default = "yes")]
    pub creatable: bool,
}

/// The article that a redeemed bonus of one VAT rate appears as.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BonusProductFixture {
    /// VAT in percent.
    pub tax: i64,
    /// The shop's article number; `""` for none.
    pub article_number: String,
    /// `""` for none.
    #[serde(default)]
    pub ean: String,
    /// What the customer reads.
    pub desc: String,
}

impl GroupFixture {
    /// A programme that collects nothing.
    #[must_use]
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            picture: None,
            bonus_percent: 0,
            points_per_euro: 0,
            charge_earns: false,
            full_price: false,
            white_list: Vec::new(),
            black_list: Vec::new(),
            bonus_products: Vec::new(),
            passcode: 0,
            creatable: true,
        }
    }
}

const fn yes() -> bool {
    true
}

/// The contracts of the vendor's own test of mixed baskets.
fn contracts() -> Vec<String> {
    ["GCR_2H69XY35227V2VKP9WRA3SJ0W95RP0", "GCR_3QCX2UMNSE87Y698A5B90GD5MZWHP7"]
        .map(str::to_owned)
        .into()
}

/// A card and its account at the merchant.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardFixture {
    /// Sixteen digits; secret in logs.
    pub number: String,
    /// `CRD_…`.
    pub card_id: String,
    /// `MCD_…`.
    pub merchantcard_id: String,
    /// `CRG_…`, one of [`Fixtures::groups`].
    pub group: String,
    /// Another merchant's id where the documents show one (`MRC_…`).
    pub merchant_id: Option<String>,
    /// Another issuing merchant's id where the documents show one (`MRC_…`).
    pub issuer_id: Option<String>,
    /// ISO 8601.
    pub created: String,
    /// As documented for the card.
    pub is_base_card: bool,
    /// When a passcode is asked for: 0 never, 1 always, 2 discharge, 3 charge, 4 revenue, 5 point
    /// discharge, 6 point charge.
    pub passcode: i64,
    /// The passcode that its holder has chosen; secret in logs.
    #[serde(default)]
    pub pin: Option<i64>,
    /// The four digits on its back; secret in logs.
    #[serde(default)]
    pub csc: Option<String>,
    /// Loaded money, minor units.
    pub cash: Money,
    /// Collected bonus, minor units.
    pub bonus: Money,
    /// ISO 8601, or null.
    pub last_usage: Option<String>,
    /// ISO 8601, or null.
    pub last_charge: Option<String>,
    /// Whether the card is in circulation.
    pub stock_status: StockStatus,
    /// Points of a programme that has them.
    #[serde(default)]
    pub points: i64,
    /// Whether the card is blocked.
    pub lock_status: LockStatus,
    /// Why it is blocked, as the API numbers it: 1 lost, 2 defect, 3 claims, 6 expired, 8 not
    /// activated.
    #[serde(default)]
    pub lock_reason: Option<i64>,
}

impl std::fmt::Debug for CardFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CardFixture")
            .field("number", &crate::text::mask_card(&self.number, true))
            .field("cash", &self.cash)
            .field("bonus", &self.bonus)
            .finish_non_exhaustive()
    }
}

/// A transaction that is there from the start.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleFixture {
    /// `STX_…`.
    pub id: String,
    /// ISO 8601.
    pub created: String,
    /// The card that is presented; secret in logs.
    pub card: String,
    /// The basket.
    pub items: Vec<ItemFixture>,
}

impl std::fmt::Debug for SaleFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SaleFixture").field("id", &self.id).finish_non_exhaustive()
    }
}

/// One line of a [`SaleFixture`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFixture {
    /// The shop's article number.
    pub article_number: String,
    /// `""` where the article has none.
    pub ean: String,
    /// What the customer reads.
    pub desc: String,
    /// Pieces.
    pub quantity: i64,
    /// Gross price of one piece, minor units.
    pub price_one: Money,
    /// VAT in percent.
    pub tax: i64,
}

const GIFT: &str = "CRG_2BESGJNETJJRZVVYS8R7JWGVWK4PRZ";
const BONUS: &str = "CRG_2V6TQ8NHTJJRZB7YS8R7JWGVWK4PTN";
const SHOP: &str = "MRC_35SZ3R5GGQQP4T0U2T5GFAN9P6C4PG";

impl Default for Fixtures {
    /// The seeds' world.
    fn default() -> Self {
        Self {
            merchant_id: SHOP.to_owned(),
            companyname: "John's Bakery".to_owned(),
            store_id: "STO_2ZCZRU9V6U8QA7B49K94667UP6C4PJ".to_owned(),
            till_id: "SDV_2YJDXYESB2YBHECVB5GQGSYPNM8UA6".to_owned(),
            terminal_id: "SDV_3T7HMCQNB2YBHF0VB5GQGSYPNM8UAZ".to_owned(),
            groups: vec![
                GroupFixture {
                    picture: Some(picture("8e79737df1e2513db48908b342c3cc436edf501a")),
                    ..GroupFixture::new(GIFT, "Geschenkgutschein")
                },
                GroupFixture { bonus_percent: 10, ..GroupFixture::new(BONUS, "Bonuskarte 10 %") },
            ],
            cards: cards(),
            sales: vec![SaleFixture {
                id: SEED_TRANSACTION.to_owned(),
                created: "2020-09-17T09:18:14+02:00".to_owned(),
                card: CARD_BONUS.to_owned(),
                items: vec![
                    item("30037", "", "Sandwich Romano", 1, 349, 7),
                    item("30200", "", "Fruit salad, small bowl", 1, 249, 7),
                    item("51", "4999012345678", "Water, mildly sprinkling, 0.25 ltr.", 2, 99, 19),
                ],
            }],
            checkins: super::guests::fixtures(),
            devices: super::devices::fixtures(),
            contracts: contracts(),
        }
    }
}

fn cards() -> Vec<CardFixture> {
    let gift = |number: &str, card_id: &str, merchantcard_id: &str, cash: i64| CardFixture {
        number: number.to_owned(),
        card_id: card_id.to_owned(),
        merchantcard_id: merchantcard_id.to_owned(),
        group: GIFT.to_owned(),
        merchant_id: None,
        issuer_id: None,
        created: "2015-09-28T16:01:20+02:00".to_owned(),
        is_base_card: true,
        passcode: 0,
        pin: None,
        csc: Some(CSC.to_owned()),
        cash: Money(cash),
        bonus: Money::ZERO,
        points: 0,
        last_usage: None,
        last_charge: None,
        stock_status: StockStatus::Active,
        lock_status: LockStatus::Unlocked,
        lock_reason: None,
    };
    vec![
        gift(
            CARD_EMPTY,
            "CRD_2U7MTNAMM3PMBPAB50C9G2AEHA9GPJ",
            "MCD_2RXTNXPRM2YG9922UMBHHAEWEGN6AJ",
            0,
        ),
        CardFixture {
            group: BONUS.to_owned(),
            bonus: Money(20),
            last_charge: Some("2020-09-16T10:05:42+02:00".to_owned()),
            ..gift(
                CARD_BONUS,
                "CRD_3H9KTNAMM3PMBQ2B50C9G2AEHA9GPC",
                "MCD_3C5VTXPRM2YG99A2UMBHHAEWEGN6AT",
                200,
            )
        },
        CardFixture {
            last_charge: Some("2020-08-03T12:30:00+02:00".to_owned()),
            ..gift(
                CARD_VOUCHER,
                "CRD_2K4PTNAMM3PMBR6B50C9G2AEHA9GPV",
                "MCD_2M8WTXPRM2YG99E2UMBHHAEWEGN6AD",
                500,
            )
        },
        CardFixture {
            last_charge: Some("2020-09-01T08:00:00+02:00".to_owned()),
            ..gift(
                CARD_RICH,
                "CRD_2W6RTNAMM3PMBSAB50C9G2AEHA9GP2",
                "MCD_2T0YTXPRM2YG99J2UMBHHAEWEGN6AP",
                5_000_000,
            )
        },
        CardFixture {
            lock_status: LockStatus::Locked,
            lock_reason: Some(1),
            last_charge: Some("2020-07-11T17:45:10+02:00".to_owned()),
            ..gift(
                CARD_LOCKED,
                "CRD_2Y8TTNAMM3PMBTEB50C9G2AEHA9GP8",
                "MCD_2V2ATXPRM2YG99N2UMBHHAEWEGN6AY",
                1500,
            )
        },
        CardFixture {
            stock_status: StockStatus::Inactive,
            ..gift(
                CARD_INACTIVE,
                "CRD_30AVTNAMM3PMBUJB50C9G2AEHA9GPE",
                "MCD_2X4CTXPRM2YG99S2UMBHHAEWEGN6A6",
                0,
            )
        },
        CardFixture {
            merchant_id: Some("MRC_WVHJQFQ4JNVYNG5B55TYK748ZCHQP8".to_owned()),
            issuer_id: Some("MRC_F40KSJYW5AAJHHC93TQ6C7A8X76WO6".to_owned()),
            created: "2015-02-20T08:54:07+01:00".to_owned(),
            is_base_card: false,
            passcode: 1,
            pin: Some(PASSCODE),
            bonus: Money(52),
            last_usage: Some("2019-09-12T10:52:22+02:00".to_owned()),
            last_charge: Some("2018-04-27T15:47:42+02:00".to_owned()),
            stock_status: StockStatus::Inactive,
            ..gift(
                CARD_DORMANT,
                "CRD_3CVJTETZ3MHPR034C9BYGEKDH6XRP4",
                "MCD_W5ZVSRG8U2MN358FD2MRDCMPYM06AU",
                300,
            )
        },
    ]
}

fn picture(hash: &str) -> String {
    format!("https://connect.secucard.com/ds_g/{hash}")
}

fn item(number: &str, ean: &str, desc: &str, quantity: i64, price: i64, tax: i64) -> ItemFixture {
    ItemFixture {
        article_number: number.to_owned(),
        ean: ean.to_owned(),
        desc: desc.to_owned(),
        quantity,
        price_one: Money(price),
        tax,
    }
}
