import type { ReactiveControllerHost } from "lit";
import { TickController, TopicController } from "../live";
import type { Live } from "../live";
import type { Feeds, OfficeView, Suggestions } from "../wire";
import { releaseLive, takeLive } from "./lives";

/** One widget's view of one server: its topics and its tick, taken and given back together. */
export class Session {
  readonly live: Live;
  readonly office: TopicController<OfficeView>;
  readonly ways: TopicController<Suggestions>;
  readonly feeds: TopicController<Feeds>;
  private readonly tick: TickController;

  /** Throws where the page may not connect to this server at all. */
  constructor(
    private readonly host: ReactiveControllerHost,
    readonly server: string,
  ) {
    this.live = takeLive(server);
    this.office = new TopicController(host, this.live);
    this.ways = new TopicController(host, this.live);
    this.feeds = new TopicController(host, this.live);
    this.tick = new TickController(host, this.live);
    this.feeds.watch("feeds", {});
  }

  end(): void {
    for (const topic of [this.office, this.ways, this.feeds]) {
      topic.stop();
      this.host.removeController(topic);
    }
    this.tick.hostDisconnected();
    this.host.removeController(this.tick);
    releaseLive(this.server);
  }
}
