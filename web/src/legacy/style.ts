/** The basic board's look, in what Chromium 64 understands: no min(), no gap in a row, no inset. One rem is one unit. */
export const STYLE = `
body { overflow: hidden; cursor: none; line-height: 1.2; font-size: 2.8rem; }
h1, h3, p { margin: 0; font-weight: 650; }
p { font-weight: 400; }
#board { display: flex; flex-direction: column; height: 100vh; padding: 2.4rem 3.4rem 1.2rem; background: var(--ground); color: var(--ink); }
.head { display: flex; align-items: center; height: 11rem; flex: none; }
.head .names { flex: 1; min-width: 0; }
.head h1 { font-size: 4.8rem; letter-spacing: -0.02em; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.sub { color: var(--soft); font-size: 2.9rem; white-space: nowrap; }
.sub .day { display: inline-block; }
.sub .day::first-letter { text-transform: uppercase; }
.demo { border: 0.25rem solid var(--hurry); color: var(--hurry); border-radius: 0.8rem; padding: 0 1.2rem; margin-left: 1.6rem; font-weight: 700; font-size: 2.4rem; }
.chip { color: var(--hurry); background: var(--hurry-ground); border-radius: 3rem; padding: 0.2rem 1.8rem; margin-left: 1.6rem; font-weight: 620; }
.clock { font-size: 9.4rem; font-weight: 640; letter-spacing: -0.03em; padding-left: 2rem; }
.columns { display: flex; flex: 1; min-height: 0; }
.how { flex: 1.6; min-width: 0; margin-right: 2.6rem; display: flex; flex-direction: column; }
.near { flex: 1; min-width: 0; }
.dest { display: flex; flex: 1; min-height: 0; max-height: 24rem; background: var(--panel); border-radius: 1.6rem; overflow: hidden; margin-bottom: 1.4rem; }
.when { width: 24rem; flex: none; padding: 0 2rem; display: flex; flex-direction: column; justify-content: center; white-space: nowrap; font-weight: 600; font-size: 2.9rem; }
.when b { font-size: 5.6rem; letter-spacing: -0.03em; line-height: 1.05; }
.when b.long { font-size: 4rem; }
.when.go { color: var(--go); background: var(--go-ground); }
.when.hurry { color: var(--hurry); background: var(--hurry-ground); }
.when.free { color: var(--accent); background: var(--accent-ground); }
.when.none { color: var(--quiet); background: var(--raised); }
.body { flex: 1; min-width: 0; padding: 0 2.2rem; display: flex; flex-direction: column; justify-content: center; }
.place { display: flex; align-items: baseline; white-space: nowrap; }
.place h3 { font-size: 3.7rem; flex: 1; overflow: hidden; text-overflow: ellipsis; }
.place b { font-size: 3.7rem; }
.place span { color: var(--soft); font-size: 2.6rem; }
.legs { line-height: 3.8rem; max-height: 7.6rem; overflow: hidden; margin-top: 0.6rem; color: var(--soft); }
.legs b { color: var(--ink); }
.alt { color: var(--soft); font-size: 2.4rem; margin-top: 1rem; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.badge { display: inline-block; min-width: 7.4rem; padding: 0.1rem 1rem; border-radius: 0.7rem; text-align: center; font-weight: 700; font-size: 2.4rem; }
.stop { background: var(--panel); border-radius: 1.6rem; padding: 1rem 1.8rem; margin-bottom: 1.4rem; }
.stop .name { display: flex; height: 4rem; align-items: center; white-space: nowrap; }
.stop h3 { flex: 1; font-size: 2.9rem; overflow: hidden; text-overflow: ellipsis; }
.stop .walk { color: var(--soft); font-size: 2.4rem; }
.row { display: flex; align-items: center; height: 4.5rem; font-size: 2.7rem; white-space: nowrap; }
.row .to { flex: 1; min-width: 0; padding: 0 1.3rem; overflow: hidden; text-overflow: ellipsis; }
.row .note { color: var(--quiet); font-size: 2.4rem; margin-right: 1rem; }
.row .gone { color: var(--broken); font-weight: 640; }
.row .to:first-child { padding-left: 0; }
.row b { font-size: 2.9rem; }
.row i { display: inline-block; width: 1.3rem; height: 1.3rem; border-radius: 50%; background: var(--live); margin-right: 1rem; }
.row.missed, .row.cancelled { color: var(--quiet); }
.row.cancelled .to, .row.cancelled b { text-decoration: line-through; font-weight: 500; }
.panel { flex: 1; background: var(--panel); border-radius: 1.6rem; display: flex; flex-direction: column; align-items: center; justify-content: center; text-align: center; margin-bottom: 1.4rem; color: var(--soft); font-size: 3.2rem; padding: 4rem; }
.panel strong { color: var(--ink); font-size: 5.2rem; margin-bottom: 1.6rem; }
.foot { display: flex; align-items: center; height: 5.6rem; flex: none; border-top: 1px solid var(--line); color: var(--soft); font-size: 2.4rem; white-space: nowrap; }
.foot .alert { flex: 1; min-width: 0; color: var(--hurry); overflow: hidden; text-overflow: ellipsis; }
.foot .credit { margin-left: 3rem; max-width: 50%; overflow: hidden; text-overflow: ellipsis; }
.portrait .columns { flex-direction: column; }
.portrait .how { margin-right: 0; flex: 1.2; }
`;
