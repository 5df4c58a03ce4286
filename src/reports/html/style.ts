/** The one style sheet of the page; the content policy holds its hash. */
export const style = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#5a6472;--line:#d5dae1;--paper:#fff;--tint:#f4f6f8;--mark:#1f5fa8;--good:#1a7f37;--bad:#b3261e;--open:#8a5a00}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a5adb8;--line:#3a424d;--paper:#14171b;--tint:#1d2228;--mark:#79b0ee;--good:#5cc274;--bad:#f2857d;--open:#e2b155}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
main{max-width:66rem;margin:0 auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.7rem;line-height:1.2;margin:0 0 .25rem}
h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
.sub{color:var(--soft);margin:0}
.decision{border:1px solid var(--line);border-left:.5rem solid var(--open);background:var(--tint);padding:.2rem 1.2rem .6rem;margin:1.4rem 0;border-radius:.3rem}
.decision.adopt{border-left-color:var(--good)}
.decision.reject{border-left-color:var(--bad)}
.decision h2{margin:.8rem 0 .4rem;font-size:1.35rem}
ul{padding-left:1.2rem;margin:.4rem 0}
li{margin:.25rem 0}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.35rem .7rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;overflow-wrap:normal}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
.r{text-align:right;white-space:nowrap}
tbody th[colspan]{background:var(--tint);padding-top:.5rem}
tbody th{font-weight:400}
tbody th[colspan]{font-weight:600}
.met{color:var(--good);font-weight:600}.missed{color:var(--bad);font-weight:600}.inconclusive{color:var(--open);font-weight:600}
figure{margin:0 0 1.6rem}
figcaption{font-weight:600;margin-bottom:.4rem}
svg{display:block;width:100%;max-width:44rem;height:auto}
svg text{fill:var(--ink);font:13px system-ui,sans-serif}
svg .soft{fill:var(--soft)}
svg .axis{stroke:var(--line)}
svg .whisker{stroke:var(--ink);stroke-width:2}
svg .dot{fill:var(--mark)}
svg .step{stroke:var(--mark);stroke-width:2.5;fill:none}
svg .s1{stroke:var(--ink);stroke-dasharray:7 4}
svg .s2{stroke:var(--open);stroke-dasharray:2 3}
svg .target{stroke:var(--bad);stroke-dasharray:4 3}
@media print{:root{--ink:#000;--soft:#333;--line:#999;--paper:#fff;--tint:#fff;--mark:#000;--good:#000;--bad:#000;--open:#000}main{max-width:none;padding:0}figure,.decision,tr{break-inside:avoid}}
`
