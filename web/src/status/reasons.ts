/** Why something of a feed was left out, in the words of those who look after the service. Codes are the server's. */

import type { Language } from "../i18n/texts";

export interface StatusWords {
  reasons: Record<string, string>;
  /** a file of a shared vehicles' system that could not be read */
  unreadable: (file: string) => string;
  notARecord: (what: string) => string;
  noStop: (office: string, stop: string) => string;
  noLine: (office: string, line: string) => string;
}

export const STATUS_WORDS: Record<Language, StatusWords> = {
  nb: {
    reasons: {
      unknown_trip: "turen finnes ikke i ruteplanen",
      unknown_route: "linjen finnes ikke i ruteplanen",
      no_trip_id: "uten tur-id",
      not_running: "turen går ikke den dagen",
      bad_start_date: "ugyldig dato",
      missing_start_time: "avgangstid mangler for tur med fast intervall",
      unknown_start_time: "ukjent avgangstid for tur med fast intervall",
      second_update_of_a_trip: "turen er meldt to ganger",
      stop_updates_out_of_order: "stopp i feil rekkefølge",
      trip_level_delay: "forsinkelse uten stopp",
      added_call_without_stop_or_time: "ekstra anløp uten stopp eller tid",
      added_with_under_two_calls: "ekstra tur med under to anløp",
      duplicated_without_properties: "kopiert tur uten opplysninger",
      assigned_stop_unknown: "ny plattform finnes ikke i ruteplanen",
      stop_update_at_unknown_stop: "stoppet finnes ikke på turen",
      trip_update_without_trip: "turoppdatering uten tur",
      absurd_time: "umulig tid",
      duplicate_entity_id: "samme id to ganger",
      vehicle_without_position: "kjøretøy uten posisjon",
      vehicle_with_absurd_position: "kjøretøy med umulig posisjon",
      shape_point_bad: "ugyldig punkt i linjetrasé",
      stop_time_bad_sequence: "ugyldig rekkefølge på anløp",
      stop_time_bad_time: "anløp med ugyldig tid",
      stop_time_double_sequence: "to anløp på samme plass",
      stop_time_flex: "anløp i et område, ikke på et stopp",
      stop_time_unknown_stop: "anløp på ukjent stopp",
      stop_time_unknown_trip: "anløp på ukjent tur",
      flex_locations: "områder for bestillingstrafikk",
      flex_location_groups: "stoppgrupper for bestillingstrafikk",
      flex_booking_rules: "bestillingsregler",
      "vehicle type without id": "kjøretøytype uten id",
      "zone that cannot be read": "sone som ikke kan leses",
      "plan that cannot be read": "pris som ikke kan leses",
      "station without id or position": "stasjon uten id eller posisjon",
      "station listed twice": "stasjon oppført to ganger",
      "status without information": "status for ukjent stasjon",
      "status given twice": "status gitt to ganger",
      "vehicle without id or position": "kjøretøy uten id eller posisjon",
      "vehicle listed twice": "kjøretøy oppført to ganger",
    },
    unreadable: (file) => `${file} kan ikke leses`,
    notARecord: (what) => `${what}: ugyldig oppføring`,
    noStop: (office, stop) => `Kontoret ${office}: stoppet ${stop} finnes ikke i ruteplanen og er utelatt.`,
    noLine: (office, line) => `Kontoret ${office}: linjen ${line} finnes ikke i ruteplanen.`,
  },
  nn: {
    reasons: {
      unknown_trip: "turen finst ikkje i ruteplanen",
      unknown_route: "linja finst ikkje i ruteplanen",
      no_trip_id: "utan tur-id",
      not_running: "turen går ikkje den dagen",
      bad_start_date: "ugyldig dato",
      missing_start_time: "avgangstid manglar for tur med fast intervall",
      unknown_start_time: "ukjend avgangstid for tur med fast intervall",
      second_update_of_a_trip: "turen er meld to gonger",
      stop_updates_out_of_order: "stopp i feil rekkjefølgje",
      trip_level_delay: "forseinking utan stopp",
      added_call_without_stop_or_time: "ekstra stopp utan stad eller tid",
      added_with_under_two_calls: "ekstra tur med under to stopp",
      duplicated_without_properties: "kopiert tur utan opplysningar",
      assigned_stop_unknown: "ny plattform finst ikkje i ruteplanen",
      stop_update_at_unknown_stop: "stoppet finst ikkje på turen",
      trip_update_without_trip: "turoppdatering utan tur",
      absurd_time: "umogleg tid",
      duplicate_entity_id: "same id to gonger",
      vehicle_without_position: "køyretøy utan posisjon",
      vehicle_with_absurd_position: "køyretøy med umogleg posisjon",
      shape_point_bad: "ugyldig punkt i linjetrasé",
      stop_time_bad_sequence: "ugyldig rekkjefølgje på stopp",
      stop_time_bad_time: "stopp med ugyldig tid",
      stop_time_double_sequence: "to stopp på same plass",
      stop_time_flex: "stopp i eit område, ikkje på ein haldeplass",
      stop_time_unknown_stop: "tid på ukjend stopp",
      stop_time_unknown_trip: "tid på ukjend tur",
      flex_locations: "område for bestillingstrafikk",
      flex_location_groups: "stoppgrupper for bestillingstrafikk",
      flex_booking_rules: "bestillingsreglar",
      "vehicle type without id": "køyretøytype utan id",
      "zone that cannot be read": "sone som ikkje kan lesast",
      "plan that cannot be read": "pris som ikkje kan lesast",
      "station without id or position": "stasjon utan id eller posisjon",
      "station listed twice": "stasjon oppført to gonger",
      "status without information": "status for ukjend stasjon",
      "status given twice": "status gjeven to gonger",
      "vehicle without id or position": "køyretøy utan id eller posisjon",
      "vehicle listed twice": "køyretøy oppført to gonger",
    },
    unreadable: (file) => `${file} kan ikkje lesast`,
    notARecord: (what) => `${what}: ugyldig oppføring`,
    noStop: (office, stop) => `Kontoret ${office}: stoppet ${stop} finst ikkje i ruteplanen og er utelate.`,
    noLine: (office, line) => `Kontoret ${office}: linja ${line} finst ikkje i ruteplanen.`,
  },
  en: {
    reasons: {
      unknown_trip: "trip not in the timetable",
      unknown_route: "line not in the timetable",
      no_trip_id: "without a trip id",
      not_running: "trip does not run that day",
      bad_start_date: "invalid date",
      missing_start_time: "no start time for a trip that runs by headway",
      unknown_start_time: "unknown start time of a trip that runs by headway",
      second_update_of_a_trip: "trip told of twice",
      stop_updates_out_of_order: "stops out of order",
      trip_level_delay: "delay without a stop",
      added_call_without_stop_or_time: "extra call without stop or time",
      added_with_under_two_calls: "extra trip with fewer than two calls",
      duplicated_without_properties: "copied trip without its particulars",
      assigned_stop_unknown: "new platform not in the timetable",
      stop_update_at_unknown_stop: "stop is not on the trip",
      trip_update_without_trip: "trip update without a trip",
      absurd_time: "impossible time",
      duplicate_entity_id: "same id twice",
      vehicle_without_position: "vehicle without a position",
      vehicle_with_absurd_position: "vehicle in an impossible place",
      shape_point_bad: "invalid point of a line's shape",
      stop_time_bad_sequence: "calls in an invalid order",
      stop_time_bad_time: "call with an invalid time",
      stop_time_double_sequence: "two calls in one place",
      stop_time_flex: "call in an area, not at a stop",
      stop_time_unknown_stop: "call at an unknown stop",
      stop_time_unknown_trip: "call of an unknown trip",
      flex_locations: "areas of demand-responsive services",
      flex_location_groups: "stop groups of demand-responsive services",
      flex_booking_rules: "booking rules",
      "vehicle type without id": "vehicle type without an id",
      "zone that cannot be read": "zone that cannot be read",
      "plan that cannot be read": "price that cannot be read",
      "station without id or position": "station without id or position",
      "station listed twice": "station listed twice",
      "status without information": "status of an unknown station",
      "status given twice": "status given twice",
      "vehicle without id or position": "vehicle without id or position",
      "vehicle listed twice": "vehicle listed twice",
    },
    unreadable: (file) => `${file} cannot be read`,
    notARecord: (what) => `${what}: invalid entry`,
    noStop: (office, stop) => `Office ${office}: the timetable has no stop ${stop}; it is left out.`,
    noLine: (office, line) => `Office ${office}: the timetable has no line ${line}.`,
  },
};

/** A reason in words; one that a newer server brings is shown as it is. */
export function reasonWords(code: string, words: StatusWords): string {
  const [, file] = /^unreadable (.+)$/.exec(code) ?? [];
  if (file) return words.unreadable(file);
  const [, what] = /^(.+): not a record$/.exec(code) ?? [];
  if (what) return words.notARecord(what);
  return words.reasons[code] ?? code.replaceAll("_", " ");
}

/** A warning about an office in words; any other as it is. */
export function warningWords(text: string, words: StatusWords): string {
  const [, office, kind, id] = /^office (\S+): the timetable has no (stop|line) (.+?)(?:; it is left out)?$/.exec(text) ?? [];
  if (!office || !id) return text;
  return kind === "stop" ? words.noStop(office, id) : words.noLine(office, id);
}
