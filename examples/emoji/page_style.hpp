// SPDX-License-Identifier: MIT
/// \file
/// The style sheet of the page; light or dark as the reader's system is.
#ifndef EMOJI_PAGE_STYLE_HPP
#define EMOJI_PAGE_STYLE_HPP

#include <string_view>

namespace emoji {

inline constexpr std::string_view page_style = R"css(
:root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1b2330;--soft:#5d6878;--line:#e2e6ec;
--a:#2563eb;--b:#d9580d;--good:#0f8a5f;--good-bg:#e3f5ec;--chip:#eef1f6}
@media(prefers-color-scheme:dark){:root{--bg:#0f141b;--card:#19202a;--ink:#e8ecf2;--soft:#9aa6b6;
--line:#2b3542;--a:#77a6ff;--b:#ff9a5c;--good:#4fd3a0;--good-bg:#143528;--chip:#222c38}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif}
main,header,footer{max-width:1240px;margin:0 auto;padding:0 24px}
header{padding-top:40px}
h1{font-size:36px;line-height:1.15;letter-spacing:-.02em;margin:0 0 10px}
h2{font-size:23px;letter-spacing:-.01em;margin:48px 0 4px}
h3{font-size:15px;margin:0}
p{margin:6px 0 14px;max-width:78ch}
.lead{font-size:18px;color:var(--soft)}
.note,.soft{color:var(--soft)}.note{font-size:13.5px;margin:0 0 8px}
.chips{display:flex;flex-wrap:wrap;gap:8px;margin:16px 0}
.chips span{background:var(--chip);border-radius:99px;padding:4px 13px;font-size:14px;color:var(--soft)}
.chips b{color:var(--ink);font-weight:650}
.card{background:var(--card);border:1px solid var(--line);border-radius:14px;padding:16px 18px;margin:0}
.how{display:grid;grid-template-columns:repeat(3,1fr);gap:14px;margin:18px 0}
.how p{margin:4px 0 0;font-size:14.5px;color:var(--soft)}
.code{font:12px/1.25 ui-monospace,"DejaVu Sans Mono",monospace;letter-spacing:.5px;color:var(--a);
overflow-wrap:anywhere}
.answers{padding:4px 18px;margin-top:14px}
.row{display:grid;grid-template-columns:170px 1fr 1fr;gap:20px;align-items:center;padding:10px 0;
border-top:1px solid var(--line)}
.row:first-child{border-top:0}
.row.head{padding:10px 0 8px;color:var(--soft);font-size:13.5px;align-items:end}
.row.head b{display:block;color:var(--ink);font-size:15px}
.row>:nth-child(3){border-left:1px solid var(--line);padding-left:20px}
.words{font-weight:650;font-size:17px;line-height:1.25}
.words small,.asked small{display:block;font-weight:400;font-size:12.5px;color:var(--soft)}
.hits{display:flex;gap:5px}
.hit{flex:1 1 0;min-width:0;text-align:center;border-radius:10px;padding:5px 0 2px;font-size:12px;color:var(--soft);
border:1px solid transparent}
.hit.fits{background:var(--good-bg);border-color:var(--good);color:var(--good)}
.e{display:inline-block;vertical-align:middle;background-repeat:no-repeat;width:1.0588em;height:1em}
.hit .e{font-size:38px;display:block;margin:0 auto 1px}
.asked .e{font-size:74px}
.names{list-style:none;margin:0;padding:0;font-size:14px;line-height:1.35}
.names li{display:flex;gap:9px;padding:2px 8px;border-radius:7px}
.names li span{flex:0 0 20px;text-align:right;color:var(--soft);font-variant-numeric:tabular-nums}
.names li.fits{background:var(--good-bg);color:var(--good);font-weight:650}
.table{overflow-x:auto;padding:6px 18px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:8px 10px;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
thead th{border-top:0;font-weight:600;font-size:13.5px;color:var(--soft)}
thead tr+tr th{padding-top:0;font-weight:400}
th:first-child,td:first-child{text-align:left}
td.best{font-weight:700;color:var(--good)}
td small{color:var(--soft);font-weight:400;font-size:12px;margin-left:5px}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(340px,1fr));gap:16px;margin-top:14px}
figure svg{width:100%;height:auto;display:block}
figcaption{display:flex;flex-wrap:wrap;gap:4px 16px;font-size:13px;color:var(--soft);margin-top:6px}
figcaption span{display:flex;align-items:center;gap:6px}
figure svg.key{width:24px;height:8px}
.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--soft);font-size:11px}.label{fill:var(--soft);font-size:12px}
.line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke:var(--soft)}
.line.a{stroke:var(--a)}.line.b{stroke:var(--b)}.line.dashed{stroke-dasharray:6 4;stroke-width:1.7}
.line.dotted{stroke-dasharray:2 4;stroke-width:1.7}
.communities{display:grid;grid-template-columns:repeat(auto-fill,minmax(360px,1fr));gap:14px;margin-top:14px}
.part{display:flex;align-items:center;gap:10px;border-top:1px solid var(--line);padding:5px 0}
.part div{flex:0 0 auto;white-space:nowrap}.part small{color:var(--soft);font-size:12.5px;line-height:1.3}
.communities .e{font-size:27px;margin:1px}
.communities h3{margin-bottom:7px}.communities h3 small{font-weight:400;color:var(--soft);margin-left:5px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:0;font-size:14.5px}
dt{color:var(--soft)}dd{margin:0}
.two{display:grid;grid-template-columns:1fr 1fr;gap:16px;margin-top:14px}
.bar{display:inline-block;height:9px;border-radius:5px;background:var(--a);margin-right:8px;min-width:2px}
footer{color:var(--soft);font-size:13px;padding-top:36px;padding-bottom:48px}
@media(max-width:900px){.row>:nth-child(3){border:0;padding:0}.row,.how,.two{grid-template-columns:1fr}.hits{flex-wrap:wrap}.hit{flex:0 0 52px}}
)css";

}  // namespace emoji

#endif
