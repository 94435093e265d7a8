"""The look of the page without scripts. Tables and plain properties only: it is for players ten years old, too."""

from typing import Final

STYLE: Final = """
body{margin:0;padding:1em 1.4em;font:1.2em/1.3 Arial,Helvetica,"DejaVu Sans",sans-serif;background:#0b1722;
color:#f5f8fa}
h1,h2,h3,p,ul{margin:0}
h1{font-size:1.7em;line-height:1.1}
h2{font-size:1em;font-weight:normal;color:#b0c2d0;margin:.6em 0 .35em}
h3{font-size:1.1em;margin-bottom:.15em}
h3 small,small,.day,.foot,.none{font-weight:normal;color:#b0c2d0}
small{font-size:.86em}
table{width:100%;border-collapse:collapse}
td{padding:.16em .6em .16em 0;vertical-align:top;text-align:left}
.columns>tbody>tr>td{width:50%;padding:0}
.columns .near{padding-left:1em}
.head td{padding:0}
.head .clock{font-size:2.8em;line-height:1;font-weight:bold;text-align:right}
.card{background:#12222f;border-radius:.6em;padding:.55em .9em;margin-bottom:.6em}
.way{padding:.15em 0}
.way .end{float:right;margin-left:1em}
.lead b{font-size:1.25em}
.lead small{white-space:nowrap}
.go .lead b{color:#86efb5}
.hurry .lead b,.demo,.notice{color:#ffd479}
td.time{text-align:right;white-space:nowrap;padding-right:0}
td.line{width:3.4em}
.missed{color:#8ba2b4}
.warn,.broken{color:#ff9c9c}
.badge{display:inline-block;min-width:2.1em;text-align:center;font-weight:bold;background:#f5f8fa;color:#0b1722;
border-radius:.25em;padding:0 .3em;line-height:1.2}
.demo{border:2px solid;border-radius:.3em;padding:0 .4em;font-weight:bold;font-size:.86em}
.notice{font-size:1.2em;font-weight:bold;margin-top:.4em}
.alerts ul{padding-left:1.2em}
.foot{font-size:.86em;margin-top:.5em}
.light body{background:#e9eff3;color:#0d1c27}
.light .card{background:#fff}
.light h2,.light small,.light .day,.light .foot,.light .none{color:#40576a}
.light .go .lead b{color:#065f37}
.light .hurry .lead b,.light .demo,.light .notice{color:#6b4200}
.light .warn,.light .broken{color:#a31621}
.light .badge{background:#0d1c27;color:#fff}
.light .missed{color:#5a7183}
@media (max-width:700px),(orientation:portrait){
.columns>tbody,.columns>tbody>tr,.columns>tbody>tr>td,.columns{display:block;width:auto}
.columns .near{padding:0}
}
@media (max-width:700px){
body{padding:1em;font-size:1.05em}
.head .clock{font-size:1.8em}
}
@media (min-width:1000px) and (orientation:landscape){
html,body{height:100%;overflow:hidden}
body{font-size:2.5vh;padding:.5em 1.2em;box-sizing:border-box}
small,.foot,.demo{font-size:.89em}
h2{margin:.3em 0}
.card{padding:.35em .8em;margin-bottom:.45em}
.more,.alerts h2{display:none}
.low{position:fixed;left:0;right:0;bottom:0;padding:.3em 1.2em .4em;background:#0b1722}
.low .foot{margin:0}
.light .low{background:#e9eff3}
.alerts ul{list-style:none;padding:0;color:#ffd479}
.light .alerts ul{color:#6b4200}
}
@media (min-width:1000px) and (orientation:portrait){
body{font-size:2.6vw}
}
""".strip()
