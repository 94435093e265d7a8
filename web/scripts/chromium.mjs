// Prints the path of a Chromium for the tests: SMARTREISE_CHROMIUM where it is set, else the one inside
// @sparticuz/chromium, unpacked at first use to the system's temporary folder.
import chromium from "@sparticuz/chromium";

process.stdout.write(`${process.env.SMARTREISE_CHROMIUM ?? (await chromium.executablePath())}\n`);
