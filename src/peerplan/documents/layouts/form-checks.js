// What one answer may be: as answers/values.py, days.py, email.py and privacy.py say, which the tests hold it to.
// A day is {day: "2027-01-18"}, and a problem {message, values}: an id in messages.toml, and what fills its places.
"use strict";

function makeChecks(data) {
  const limits = data.limits;
  const CONTROL = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
  const UNSEEN = /^[\p{Z}\p{C}\p{M}\u115f\u1160\u2800\u3164\uffa0]*$/u;
  const MARKDOWN = /^\s*(#{1,6}\s|>|```)|\*\*|__|`|~~|\*\S[^*]*\*|!?\[[^\]]*\]\(|<[a-z/!][^>]*>/i;

  const wrong = (message, values = {}) => ({ message, values });
  const isEmpty = (value) => value === undefined || value === null || value === "" || value.length === 0;

  // Return a text with 0 to 9 for the digits of other scripts, which stand in tens in their order.
  const withDigits = (text) => text.replace(/\p{Nd}/gu, (digit) => {
    let zero = digit.codePointAt(0);
    while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
    return String((digit.codePointAt(0) - zero) % 10);
  });

  // --- days ---

  const fold = (text) => text.normalize("NFC").toLowerCase().trim().split(/\s+/).join(" ").normalize("NFC");
  const narrow = (text) => text.replace(/[\uff01-\uff5e]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
  const visible = (text) => text.replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "");
  const withHyphens = (text) => text.replace(/[\u2010-\u2014\u2212]/g, "-");
  const shown = (value) => {
    const text = String(value).replace(CONTROL, " ");
    return text.length <= limits.shown ? text : `${text.slice(0, limits.shown - 1)}…`;
  };

  const YEAR_FIRST = /^([0-9]{4})(?: ?([-./]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})|([0-9]{2})([0-9]{2}))$/;
  const DAY_FIRST = /^([0-9]{1,2}) ?([-./]) ?([0-9]{1,2}) ?\2 ?([0-9]{4}|[0-9]{2})$/;
  const SLASHED = /^([0-9]{1,2}) ?\/ ?([0-9]{1,2})(?:(?: ?[-,.] ?| )([0-9]{4})| ?(?:-|-? ?') ?([0-9]{2}))?$/;
  const NAMED = /^([0-9]{1,2})(?::?\p{L}{1,2}(?= )|\.)?[ -]?(\p{L}+)\.?(?:[ ,-]*'?([0-9]{4}|[0-9]{2}))?$/u;
  const NAME_FIRST = /^(\p{L}+)\.? ([0-9]{1,2})(?:\p{L}{2}|\.)?(?:,? ([0-9]{4}))?$/u;

  const fullYear = (text) => Number(text) + (text.length === 2 ? data.days.century : 0);
  const named = (names, name) => (Object.hasOwn(names, name) ? names[name] : 0);

  function dayFirst(day, month, year) {
    const readings = [[fullYear(year), month, day], [fullYear(year), day, month]];
    return year.length > 2 ? readings : [...readings, [data.days.century + day, month, Number(year)]];
  }

  // Return what a text can be read as, as it is meant first; nothing without a year; null if it is no day.
  function readings(text) {
    let found = YEAR_FIRST.exec(text);
    if (found) return [[Number(found[1]), Number(found[3] ?? found[5]), Number(found[4] ?? found[6])]];
    found = DAY_FIRST.exec(text);
    if (found) return dayFirst(Number(found[1]), Number(found[3]), found[4]);
    found = SLASHED.exec(text);
    if (found) {
      const year = found[3] ?? found[4];
      return year ? dayFirst(Number(found[1]), Number(found[2]), year).slice(0, 2) : [];
    }
    found = NAMED.exec(text);
    let month = found && named(data.days.months, found[2]);
    if (month) return found[3] ? [[fullYear(found[3]), month, Number(found[1])]] : [];
    found = NAME_FIRST.exec(text);
    month = found && named(data.days.months, found[1]);
    if (month) return found[3] ? [[Number(found[3]), month, Number(found[2])]] : [];
    return null;
  }

  // Return a day of the calendar, null if there is none.
  function dateOf([year, month, day]) {
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date : null;
  }

  const iso = (date) => date.toISOString().slice(0, 10);

  // Return the day that a text is, or what is wrong with it.
  function readDay(text) {
    let words = fold(withHyphens(visible(narrow(text)))).split(" ");
    const weekday = named(data.days.weekdays, words[0].replace(/[.,]+$/, ""));
    if (weekday) words = words.slice(1);
    if (data.days.fillers.includes(words[0])) words = words.slice(1);
    const found = readings(words.join(" "));
    const value = shown(text);
    if (found === null) return wrong("not-a-date", { value });
    if (!found.length) return wrong("no-year", { value });
    const [day, ...others] = found.map(dateOf);
    if (!day) {
      const thereIsAMonth = found[0][1] >= 1 && found[0][1] <= 12;
      return thereIsAMonth ? wrong("no-such-day", { value }) : wrong("not-a-date", { value });
    }
    const other = others.find((one) => one && iso(one) !== iso(day));
    if (other) return wrong("ambiguous-date", { value, first: iso(day), second: iso(other) });
    if (weekday && weekday !== (day.getUTCDay() || 7)) return wrong("other-weekday", { value, day: iso(day) });
    return { day: iso(day) };
  }

  // Return a day as the language writes it, by one of its patterns.
  function dayText(day, pattern) {
    const date = new Date(day);
    const language = data.language;
    const places = {
      weekday: language.weekdays[(date.getUTCDay() + 6) % 7],
      day: date.getUTCDate(),
      month: language.months[date.getUTCMonth()],
      year: date.getUTCFullYear(),
    };
    return language[pattern].replace(/\{(\w+)\}/g, (_, place) => places[place]);
  }

  // --- identity numbers ---

  const BLANK = "[^\\S\\r\\n]";
  const DASH = "[-+\\u2010-\\u2015\\u2212]";
  const NUMBER = new RegExp(
    "(?<!\\d)(?=(?<whole>(?<century>18|19|20)?" +
      `(?<year>\\d\\d)(?<mark>[./_]|${DASH}|${BLANK}|)(?<month>\\d\\d)\\k<mark>(?<day>\\d\\d)` +
      `(?<separator>${BLANK}?(?:${DASH}|[/_])*${BLANK}?)(?<number>\\d{4}))(?!\\d))`,
    "gu",
  );

  function hasDate({ century, year, month, day }) {
    const coordination = 60; // is added to the day
    const number = Number(day) > coordination ? Number(day) - coordination : Number(day);
    return dateOf([Number((century ?? "20") + year), Number(month), number]) !== null;
  }

  function hasCheckDigit(digits) {
    const sum = [...digits].reduce((total, digit, place) => {
      const times = Number(digit) * (place % 2 ? 1 : 2);
      return total + (times % 10) + Math.floor(times / 10);
    }, 0);
    return sum % 10 === 0;
  }

  function isAppointment({ century, year, mark, separator, number }) {
    const isTime = /^([01]\d|2[0-3])[0-5]\d$/.test(number);
    return Boolean(mark) && !separator.trim() && Number(`${century}${year}`) >= 2015 && isTime;
  }

  // Return the shapes of what is certainly an identity number, and of what may be one.
  function identityNumbers(text) {
    const certain = [];
    const doubtful = [];
    const read = withDigits(text.replace(/[\p{Cf}\p{Mn}]/gu, ""));
    for (const { groups, index } of read.matchAll(NUMBER)) {
      const digits = groups.year + groups.month + groups.day + groups.number;
      if (!hasDate(groups) || !hasCheckDigit(digits)) continue;
      const isSure = Boolean(groups.century || groups.separator.trim()) && !isAppointment(groups);
      const ends = [index - 2, index + groups.whole.length - 1].filter((at) => at >= 0);
      const isWithinDecimals = ends.some((at) => /^\d[.,]\d$/.test(read.slice(at, at + 3)));
      const masked = groups.whole.replace(/\d/g, "*");
      if (isSure) certain.push(masked);
      else if (!isWithinDecimals) doubtful.push(masked);
    }
    return { certain, doubtful };
  }

  // --- e-mail addresses ---

  const NAME = /^[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
  const LABEL = /^[\p{L}\p{N}]([\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?$/u;
  const isLabel = (one) => LABEL.test(one) && (one.slice(2, 4) !== "--" || /^xn--[a-z0-9-]+$/i.test(one));
  const NOWHERE = /\.(arpa|invalid|local|localhost|onion|test)$/i;

  // Tell whether a text is an address; of the few that are written oddly the program says more later.
  function isEmail(text) {
    const [name, domain, ...more] = text.split("@");
    const labels = (domain ?? "").split(".");
    const isDomain = labels.length > 1 && labels.every(isLabel) && /\p{L}$/u.test(domain);
    return !more.length && text.length <= 254 && NAME.test(name) && isDomain && !NOWHERE.test(text);
  }

  function emailReason(text) {
    const [name, ...rest] = text.split("@");
    const domain = rest.join("@");
    if (/\s/.test(text)) return wrong("email-blank");
    if (!rest.length) return wrong("email-no-at");
    if (rest.length > 1) return wrong("email-two-ats");
    const found = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u.exec(name) ?? /[^\p{L}\p{N}_.-]/u.exec(domain);
    if (found) return wrong("email-character", { character: found[0] });
    if (!name) return wrong("email-no-name");
    return domain.replace(/^\.+|\.+$/g, "").includes(".") ? wrong("email-form") : wrong("email-no-domain");
  }

  // --- answers ---

  const partsOf = (text) => text.split(/[,;]/).map((part) => part.trim()).filter(Boolean);

  // Return what was typed as a draft holds it: text that is a day, a number or a list becomes one.
  function typed(kind, text) {
    if (typeof text !== "string") return text;
    if (kind === "list" || kind === "choices") return partsOf(text);
    if (kind === "integer" && /^\p{Nd}+$/u.test(text.trim())) return Number(withDigits(text.trim()));
    if (kind === "date") {
      const day = readDay(text);
      if (day.day) return day;
    }
    return text.trim();
  }

  function problemOfLine(text, limit) {
    const length = [...text].length;
    if (/\p{Cs}/u.test(text)) return wrong("unreadable");
    if (CONTROL.test(text)) return wrong("line-break");
    return length > limit ? wrong("too-long", { limit, length }) : null;
  }

  function problemOfNote(text) {
    const length = [...text].length;
    if (/\p{Cs}/u.test(text)) return wrong("unreadable");
    if (CONTROL.test(text.replace(/[\n\t]/g, ""))) return wrong("control-character");
    return length > limits.note ? wrong("too-long", { limit: limits.note, length }) : null;
  }

  function problemOfName(text) {
    if (UNSEEN.test(text)) return wrong("missing");
    return MARKDOWN.test(text) ? wrong("markdown") : null;
  }

  const OF_KIND = {
    text: (value) => problemOfLine(value, limits.text),
    list: (value) => value.map((one) => problemOfLine(one, limits.text)).find(Boolean) ?? null,
    email: (value) =>
      problemOfLine(value, limits.text) ?? (isEmail(value) ? null : wrong("not-an-email", { why: emailReason(value) })),
    date: (value) => (value.day ? null : readDay(value)),
    integer: (value) => {
      const isNumber = Number.isInteger(value) && value >= 1 && value <= limits.participants;
      return isNumber ? null : wrong("not-a-number", { value: shown(value), most: limits.participants });
    },
    note: problemOfNote,
    name: (value) => problemOfLine(value, limits.name) ?? problemOfName(value),
  };

  const asText = (value) => (Array.isArray(value) ? value.join(", ") : String(value.day ?? value));

  // Return what is wrong with one answer that is not empty, or null. A value with an identity number is looked at no further.
  function problemWith(kind, value) {
    const [masked] = identityNumbers(asText(value)).certain;
    if (masked) return wrong("privacy-identity-number", { masked });
    return OF_KIND[kind] ? OF_KIND[kind](value) : null;
  }

  // Return what a person should judge in an answer that is taken, or null.
  function doubtIn(value) {
    const [masked] = identityNumbers(asText(value)).doubtful;
    return masked ? wrong("privacy-maybe-identity-number", { masked }) : null;
  }

  return { asText, dayText, doubtIn, iso, isEmpty, problemWith, readDay, typed, wrong };
}
