//! Definitions: cycling.
use datagora_core::Unit;

use crate::definition::{Definition, Direction, Theme};

const HANKEY: &str = "Hankey, Lindsey and Marshall (2014), Transportation Research Record 2468, 64";
const LAGS: &str = "Newey–West error with Bartlett weights, lag ⌊4 (n/100)^(2/9)⌋ by default, Student's quantile, 95 % by default";

pub(super) static DEFINITIONS: &[Definition] = &[
    Definition {
        id: "weather-adjusted-trend",
        theme: Theme::Mobility,
        name: ("Tendance annuelle à météo égale", "Annual trend at the same weather"),
        question: (
            "De combien le vélo progresse-t-il par an une fois la météo mise à part\u{202f}?",
            "By how much does cycling grow a year once the weather is set aside?",
        ),
        formula: "100 · (e^b − 1), b the coefficient of time in years in the regression of ln(count) on time, temperature and its square, ln(1 + rain), days of the week, public holidays (of months: the share of working days) and sines over the year",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: "share of the days (or months) from the first to the last that is used",
        missing: "rows without count or weather, and zeros, are left out; lags are counted in time; suppressed over less than two years",
        interval: LAGS,
        references: &[
            "Newey and West (1987), Econometrica 55, 703",
            "Newey and West (1994), Rev. Econ. Stud. 61, 631",
            "Miranda-Moreno and Nosal (2011), Transportation Research Record 2247, 42",
        ],
        golden: None,
        function: "mobility::weather_adjusted_trend",
    },
    Definition {
        id: "bike-share-of-counts",
        theme: Theme::Mobility,
        name: ("Part des vélos parmi les passages comptés", "Share of bicycles among counted vehicles"),
        question: (
            "Sur les rues où l’on compte les deux, quelle part des passages est à vélo\u{202f}?",
            "On the streets that count both, what share of what passes is bicycles?",
        ),
        formula: "100 · Σ bicycles / Σ (bicycles + cars) over the site-bins that count both",
        unit: Some(Unit::PERCENT),
        direction: Direction::Higher,
        completeness: "share of all counted vehicles of the period that stands in such a pair",
        missing: "a bin missing for one of both is left out for both",
        interval: "jackknife over sites of the logarithm of the ratio of bicycles to cars",
        references: &["Tukey (1958), Ann. Math. Statist. 29, 614"],
        golden: None,
        function: "mobility::bike_against_car",
    },
    Definition {
        id: "bike-against-car-index",
        theme: Theme::Mobility,
        name: (
            "Vélos par rapport aux voitures, à périmètre constant",
            "Bicycles against cars, at constant perimeter",
        ),
        question: (
            "Les vélos ont-ils gagné sur les voitures dans les mêmes rues\u{202f}?",
            "Have bicycles gained on cars in the same streets?",
        ),
        formula: "100 · chained index of bicycles / chained index of cars, over the same site-bins",
        unit: Some(Unit::ONE),
        direction: Direction::Higher,
        completeness: "smallest coverage of the links of both chains",
        missing: "a bin missing for one of both is left out for both; a broken link suppresses it",
        interval: "jackknife over sites of the whole chains",
        references: &["ILO et al. (2020), Consumer Price Index Manual, chapter 9"],
        golden: None,
        function: "mobility::bike_against_car",
    },
    Definition {
        id: "day-of-year-factor",
        theme: Theme::Mobility,
        name: ("Facteur de jour de l’année", "Day-of-year factor"),
        question: (
            "Ce jour précis était-il plus ou moins fréquenté que le jour moyen de l’année\u{202f}?",
            "Was this very day busier or quieter than the average day of the year?",
        ),
        formula: "mean over continuous counters of V_day / mean of V",
        unit: Some(Unit::ONE),
        direction: Direction::Neutral,
        completeness: "share of the counters of the group with this day",
        missing: "counters with less than 95 % of the days are not in the group; a day that none has is suppressed",
        interval: "of the mean over counters, Student's quantile, 95 % by default",
        references: &[HANKEY],
        golden: None,
        function: "mobility::day_of_year_factors",
    },
    Definition {
        id: "short-count-average",
        theme: Theme::Mobility,
        name: (
            "Trafic moyen journalier d’après un comptage court",
            "Average daily traffic from a short count",
        ),
        question: (
            "Combien de passages un jour moyen, d’après quelques jours comptés\u{202f}?",
            "How many pass on an average day, from a few days counted?",
        ),
        formula: "Σ counts / Σ day-of-year factors of the days counted",
        unit: Some(Unit::of("{vehicle}/d")),
        direction: Direction::Neutral,
        completeness: "share of the days counted that are used",
        missing: "days without a count or a factor are left out",
        interval: "prediction for a further site from the group itself: what each counter is missed by when expanded with the factors of the others, rank ⌈level (n + 1)⌉ (conformal), Student's quantile in groups too small for it; 95 % by default",
        references: &[HANKEY],
        golden: None,
        function: "mobility::DayFactors::expand",
    },
];
