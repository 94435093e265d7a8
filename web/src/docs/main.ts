/** The API to read and to try, drawn from /openapi.json. */

import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";
import "../styles/tokens.css";
import "./docs.css";
import { getJson } from "../api";
import { chooseTexts } from "../i18n";
import { DOCS_TEXTS } from "./texts";

const query = new URLSearchParams(location.search);
const texts = chooseTexts([query.get("lang"), ...navigator.languages]);
const own = DOCS_TEXTS[texts.language];
const wanted = query.get("theme");
const dark = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
const root = document.documentElement;
root.lang = texts.tag;
root.dataset["theme"] = dark ? "dark" : "light";
// The library's own dark look hangs on this class.
root.classList.toggle("dark-mode", dark);
document.title = `${own.title} – ${texts.brand}`;

const head = document.createElement("header");
const title = document.createElement("h1");
title.textContent = own.title;
const intro = document.createElement("p");
intro.textContent = own.intro;
const links = document.createElement("nav");
for (const [address, text] of [["/", texts.brand], ["/embed", own.widget], ["/status", texts.status], ["/openapi.json", "openapi.json"]]) {
  const link = document.createElement("a");
  link.href = address!;
  link.textContent = text!;
  links.append(link);
}
head.append(title, intro, links);
document.body.prepend(head);

interface Document {
  paths: Record<string, Record<string, { parameters?: { required?: boolean; example?: unknown }[] }>>;
}

/** The library fills every example in; an optional parameter is better left out than asked with. */
function withoutOptionalExamples(spec: Document): Document {
  const operations = Object.values(spec.paths).flatMap((path) => Object.values(path));
  for (const parameter of operations.flatMap((operation) => operation.parameters ?? [])) {
    if (!parameter.required) delete parameter.example;
  }
  return spec;
}

async function draw(): Promise<void> {
  const spec = withoutOptionalExamples(await getJson<Document>("/openapi.json"));
  SwaggerUI({
    spec,
    domNode: document.querySelector("#docs"),
    // The library would else send our document to a validator on the net.
    validatorUrl: null,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    defaultModelRendering: "model",
    displayRequestDuration: true,
    tryItOutEnabled: true,
    syntaxHighlight: { theme: dark ? "monokai" : "idea" },
    onComplete: () => {
      root.dataset["state"] = "fresh";
    },
  });
}

void draw();
