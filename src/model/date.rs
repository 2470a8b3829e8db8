use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::pattern;

/// The days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i32 = 719_468;

/// A day of the Gregorian calendar, written `2026-11-20` (ISO 8601). Where only the month or the
/// year is known, `2026-11` or `2026`: it comes before all days in it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String", extend("pattern" = pattern::DATE))]
pub struct Date {
    year: u16,
    month: Option<u8>,
    day: Option<u8>,
}

impl Date {
    /// Reads a date that is a whole day.
    ///
    /// # Errors
    /// What is no date, and a month or a year.
    pub fn day(text: &str) -> Result<Self, String> {
        let date: Self = text.parse()?;
        if date.is_day() {
            Ok(date)
        } else {
            Err(format!("{date} is no day, such as 2026-11-20"))
        }
    }

    /// How many days after 1970-01-01 it is; of a month or a year, the first day counts.
    #[must_use]
    pub fn day_number(self) -> i32 {
        let (month, day) = (self.month.unwrap_or(1), self.day.unwrap_or(1));
        // Years that begin in March have their leap day at the end. Every month of such a year begins
        // where a line of 153 days in five months says.
        let early = month < 3;
        let year = i32::from(self.year) - i32::from(early);
        let month = i32::from(month) + if early { 9 } else { -3 };
        let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
        let in_year = (153 * month + 2) / 5 + i32::from(day) - 1;
        365 * year + leap_days + in_year - DAYS_TO_1970
    }

    /// Whether the day is known.
    #[must_use]
    pub fn is_day(self) -> bool {
        self.day.is_some()
    }
}

impl FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is no date such as 2026-11-20", text.escape_debug());
        let mut parts = text.split('-');
        let mut number = |length: usize| match parts.next() {
            None => Ok(None),
            Some(part)
                if part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                part.parse::<u16>().map(Some).map_err(|_| wrong())
            }
            Some(_) => Err(wrong()),
        };
        let (year, month, day) = (number(4)?.ok_or_else(wrong)?, number(2)?, number(2)?);
        if parts.next().is_some() {
            return Err(wrong());
        }
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let length = match month {
            None | Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
            Some(4 | 6 | 9 | 11) => 30,
            Some(2) if leap => 29,
            Some(2) => 28,
            Some(_) => 0,
        };
        if length == 0 || day.is_some_and(|day| day == 0 || day > length) {
            return Err(format!("{text} is not in the calendar"));
        }
        let small = |number: Option<u16>| number.map(u8::try_from).transpose().map_err(|_| wrong());
        Ok(Self {
            year,
            month: small(month)?,
            day: small(day)?,
        })
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        for part in [self.month, self.day].into_iter().flatten() {
            write!(f, "-{part:02}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_of_the_calendar_are_dates() {
        for text in [
            "2026-11-20",
            "2024-02-29",
            "2000-02-29",
            "1997-01-01",
            "2019",
            "2019-12",
        ] {
            assert_eq!(
                text.parse::<Date>().map(|date| date.to_string()),
                Ok(text.to_owned())
            );
        }
        let wrong = [
            "2026-02-29",
            "1900-02-29",
            "2026-13-01",
            "2026-13",
            "2026-00-10",
            "2026-1-1",
            "",
            "20261120",
            "2026-11-3１",
            "2026-",
            "2026-11-20-1",
        ];
        for text in wrong {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }

    /// Walks through all days that can be written, with a table of months for an oracle.
    #[test]
    fn days_are_numbered_one_after_the_other() {
        let number = |text: &str| text.parse::<Date>().expect("a date").day_number();
        assert_eq!(number("1970-01-01"), 0);
        assert_eq!(number("0001-01-01"), -719_162);
        assert_eq!(number("2000-02-29"), 11_016);
        assert_eq!(number("2026-11-20"), 20_777);
        let mut expected = number("0000-01-01");
        let mut days = 0;
        for year in 0..=9999_u16 {
            let leap = match (year % 100, year % 400) {
                (_, 0) => true,
                (0, _) => false,
                _ => year % 4 == 0,
            };
            let february = if leap { 29 } else { 28 };
            let lengths = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
            for (month, length) in (1..).zip(lengths) {
                for day in 1..=length {
                    let (month, day) = (Some(month), Some(day));
                    assert_eq!(Date { year, month, day }.day_number(), expected);
                    expected += 1;
                    days += 1;
                }
            }
        }
        assert_eq!(days, 25 * 146_097);
        assert_eq!(number("2026-11"), number("2026-11-01"));
        assert_eq!(number("2026"), number("2026-01-01"));
    }

    #[test]
    fn a_year_comes_before_its_days() {
        let mut dates: Vec<Date> = ["2020-01-01", "2019", "2019-01-01", "2019-01"]
            .iter()
            .map(|text| text.parse().expect("a date"))
            .collect();
        dates.sort();
        let dates: Vec<String> = dates.iter().map(ToString::to_string).collect();
        assert_eq!(dates, ["2019", "2019-01", "2019-01-01", "2020-01-01"]);
    }
}
