/**
 * An office's screen as it would be: the screen itself, which shows what the form beside it was answered for its draft.
 * What a reader would get wrong: only the topic `office` is the form's; all else the screen asks of the service.
 */

import "../styles/tokens.css";
import { Live } from "../live";
import { OfficeScreen } from "../office/office";
import type { OfficeView } from "../wire";

type Sink = Parameters<Live["subscribe"]>[2];

/** From the form to the screen; and from the screen, that it has loaded. */
export interface Draft {
  view: OfficeView;
}

class DraftLive extends Live {
  private sink: Sink | null = null;
  private revision = 0;

  override subscribe(...[topic, params, sink, held]: Parameters<Live["subscribe"]>): string {
    if (topic !== "office") return super.subscribe(topic, params, sink, held);
    this.sink = sink;
    return topic;
  }

  show(view: OfficeView): void {
    this.revision += 1;
    this.sink?.event({ type: "opened" });
    this.sink?.event({ type: "data", data: view, rev: `draft ${this.revision}`, at: this.clock.now() });
  }
}

const live = new DraftLive();
// By this name the screen holds what it last showed, apart from any office's.
document.body.append(new OfficeScreen("(draft)", live));
// the first thing it does is to see who speaks
// nosemgrep: messages-between-frames-check-their-sender
addEventListener("message", (event: MessageEvent<Draft>) => {
  if (event.origin === location.origin && event.source === parent) live.show(event.data.view);
});
parent.postMessage("ready", location.origin);
