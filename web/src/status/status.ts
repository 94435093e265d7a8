import { html, LitElement, nothing, type TemplateResult } from "lit";
import { instant } from "../core/minutes";
import { clockTime, wallTime } from "../core/time";
import { formatAge, formatCount, formatNumber, type Texts } from "../i18n";
import { Live, TickController, TopicController } from "../live";
import { base } from "../parts/base.css";
import { PageController } from "../parts/page";
import type { Feed, Feeds } from "../wire";
import { reasonWords, STATUS_WORDS, warningWords } from "./reasons";
import { statusStyles } from "./status.css";

/** How every feed fares, for those who look after the service. */
export class StatusPage extends LitElement {
  private readonly live = new Live();
  private readonly feeds = new TopicController<Feeds>(this, this.live);
  private readonly page = new PageController(this);

  constructor() {
    super();
    new TickController(this, this.live);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.feeds.watch("feeds", {});
  }

  protected override render(): TemplateResult {
    const { texts } = this.page;
    const data = this.feeds.data;
    const bad = data?.feeds.filter((feed) => feed.state !== "fresh").length ?? 0;
    const root = document.documentElement;
    root.dataset.state = this.state(bad);
    document.title = `${texts.statusTitle} – ${texts.brand}`;
    return html`<header>
        <h1>${texts.statusTitle}</h1>
        ${data?.demo ? html`<span class="demo">${texts.demo}</span>` : nothing}
        ${data ? html`<span class="sum ${bad ? "bad" : "good"}">${bad ? texts.notWell(bad) : texts.allWell}</span>` : nothing}
        <p>${this.intro(data, texts)}</p>
      </header>
      ${data ? this.renderTable(data.feeds, texts) : nothing} ${data ? this.renderWarnings(data, texts) : nothing}
      <nav><a href="/">${texts.brand}</a><a href="/v1/feeds">/v1/feeds</a><a href="/openapi.json">/openapi.json</a>${this.page.render()}</nav>`;
  }

  private state(bad: number): string {
    const { link, held } = this.feeds.state;
    if (link === "lost") return "offline";
    if (!held) return "loading";
    if (held.data.feeds.length === 0) return "empty";
    return bad > 0 ? "stale" : "fresh";
  }

  private intro(data: Feeds | null, texts: Texts): string {
    const { link, held } = this.feeds.state;
    if (link === "lost") {
      return held ? texts.offlineSince(clockTime(held.at, this.live.clock.zoneOffsetMin)) : texts.offlineLong;
    }
    return data ? texts.statusIntro(data.region) : texts.connecting;
  }

  private renderTable(feeds: readonly Feed[], texts: Texts): TemplateResult {
    const { columns } = texts;
    const heads = [columns.feed, columns.state, columns.age, columns.content, columns.match, columns.error, columns.licence];
    return html`<table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${feeds.map((feed) => this.renderFeed(feed, texts))}
      </tbody>
    </table>`;
  }

  private renderFeed(feed: Feed, texts: Texts): TemplateResult {
    const now = this.live.clock.now();
    const { columns } = texts;
    const age = feed.updated_at ? formatAge((now - instant(feed.updated_at)) / 1000, texts) : texts.never;
    return html`<tr data-feed=${feed.id}>
      <th scope="row">${feed.id}<small>${texts.feedKinds[feed.kind] ?? feed.kind}</small></th>
      <td data-label=${columns.state}><span class="state ${feed.state}">${texts.feedStates[feed.state] ?? feed.state}</span></td>
      <td data-label=${columns.age} class="number">${age}</td>
      <td data-label=${columns.content} class="number">${counts(feed.entities, texts)}</td>
      <td data-label=${columns.match} class="number">
        ${feed.match_rate === null ? "–" : `${formatNumber(feed.match_rate * 100, 1, texts)} %`}
        ${extra(texts.unmatched, feed.unmatched, texts)} ${extra(texts.skipped, feed.skipped, texts)}
      </td>
      <td data-label=${feed.last_error ? columns.error : nothing} class="error">
        ${feed.last_error ? html`<span lang="en">${feed.last_error}</span>` : nothing}${feed.retry_at ? html`<small>${texts.retryAt(wallTime(feed.retry_at))}</small>` : nothing}
      </td>
      <td data-label=${columns.licence}>${feed.licence ?? ""}<small>${feed.attribution ?? ""}</small></td>
    </tr>`;
  }

  private renderWarnings(data: Feeds, texts: Texts): TemplateResult | typeof nothing {
    if (data.warnings.length === 0) return nothing;
    return html`<h2>${texts.warnings}</h2>
      <ul>
        ${data.warnings.map((warning) => html`<li>${warningWords(warning, STATUS_WORDS[texts.language])}</li>`)}
      </ul>`;
  }

  static override styles = [base, statusStyles];
}

function counts(entities: Record<string, number>, texts: Texts): TemplateResult[] {
  return Object.entries(entities)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => html`<div>${formatCount(count, texts)} ${texts.entities[name] ?? name.replaceAll("_", " ")}</div>`);
}

function extra(label: string, reasons: Record<string, number>, texts: Texts): TemplateResult | typeof nothing {
  const told = Object.entries(reasons).filter(([, count]) => count > 0);
  if (told.length === 0) return nothing;
  return html`<small>${label}: ${told.map(([reason, count]) => `${formatCount(count, texts)} ${reasonWords(reason, STATUS_WORDS[texts.language])}`).join(", ")}</small>`;
}

customElements.define("sr-status", StatusPage);
