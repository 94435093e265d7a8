import { Reiseinfo } from "@smart-reise/client";
const reiseinfo = new Reiseinfo(process.argv[2] ?? "http://localhost:8080");
const way = await reiseinfo.whenToLeave("fornebu", "NSR:StopPlace:337");
if (way) console.log(`leave in ${reiseinfo.minutesUntil(way.leave_at)} min, there at ${way.arrive_at.slice(11, 16)}`);
else console.log("nothing goes there within the hour");
