import { Reiseinfo } from "@smart-reise/client";
const reiseinfo = new Reiseinfo(process.argv[2] ?? "http://localhost:8080");
for (const departure of await reiseinfo.nextDepartures("NSR:StopPlace:3609", { limit: 5 })) {
  console.log(departure.expected.slice(11, 16), departure.line.name, departure.headsign);
}
