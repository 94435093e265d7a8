/** The frames of /v1/live, section 5 of the contract. */

import type { Operation } from "./patch";

export type Params = Record<string, string | number | boolean>;

export type ServerFrame =
  | { type: "hello"; server_time: string; heartbeat_s: number }
  | { type: "subscribed"; sub: string; topic: string }
  | { type: "snapshot"; topic: string; rev: string; data: unknown; server_time?: string }
  | { type: "delta"; topic: string; base: string; rev: string; patch: Operation[]; server_time?: string }
  | { type: "current"; topic: string; rev: string; server_time?: string }
  | { type: "heartbeat"; server_time: string }
  | { type: "error"; sub?: string | null; code: string | number; title: string; detail?: string | null }
  | { type: "pong"; server_time: string };

export type ClientFrame =
  | { type: "subscribe"; sub: string; topic: string; params: Params; rev?: string }
  | { type: "unsubscribe"; sub: string }
  | { type: "ping" };
