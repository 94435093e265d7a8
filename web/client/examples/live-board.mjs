import { Reiseinfo } from "@smart-reise/client";
const reiseinfo = new Reiseinfo(process.argv[2] ?? "http://localhost:8080");
for await (const board of reiseinfo.boards("NSR:StopPlace:3609", { limit: 5 })) {
  console.log(board.departures.map(({ line, expected }) => `${line.name} in ${reiseinfo.minutesUntil(expected)} min`).join(", "));
}
