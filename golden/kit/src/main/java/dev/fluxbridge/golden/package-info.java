/**
 * Holds what is drawn now to goldens: pictures or latents that somebody approved.
 *
 * <p>Start at {@link dev.fluxbridge.golden.GoldenAssertions}; {@link dev.fluxbridge.golden.Golden}
 * marks tests of JUnit 5. It knows no road: a result says itself where it came from. Shapes are
 * written as tuples of named letters: B pictures, S tokens.
 *
 * <h2>Switches of a test run</h2>
 *
 * <table>
 * <caption>System properties</caption>
 * <tr><td>{@code golden.approve}</td><td>writes what is missing or differs; with a text only goldens
 * whose {@code class#name} holds it</td></tr>
 * <tr><td>{@code golden.learn}</td><td>so many runs to learn limits from, see {@link
 * dev.fluxbridge.golden.GoldenAssertions#assertThatRunsOf}</td></tr>
 * <tr><td>{@code golden.obsolete}</td><td>{@code fail} where a golden is asked for by no test;
 * {@code tell} unless set</td></tr>
 * <tr><td>{@code golden.prompts}</td><td>{@code false} keeps prompts as SHA-256</td></tr>
 * <tr><td>{@code golden.device}</td><td>the name of what computes here, for example {@code
 * cuda-h100}</td></tr>
 * <tr><td>{@code golden.store}, {@code golden.report}</td><td>folders; {@code src/test/goldens} and
 * {@code target/golden-report} unless set</td></tr>
 * <tr><td>{@code golden.html}</td><td>{@code false} writes no report when the run ends, see {@link
 * dev.fluxbridge.golden.report.GoldenReports}</td></tr>
 * <tr><td>{@code golden.file-megabytes}, {@code golden.megabytes}</td><td>how large a file and a
 * golden may be; 4 and 32 unless set</td></tr>
 * </table>
 *
 * <h2>What reports are made from</h2>
 *
 * <p>Each comparison appends one object a line to {@code results.ndjson} in the report's folder. A
 * folder may hold lines of several runs: of those with the same {@code test_class}, {@code name}
 * and {@code key} the last one counts. Fields are only ever added; another {@code schema} is
 * another format.
 *
 * <pre>
 * schema            1
 * run               start and id of the process that wrote it
 * at                instant of the line, ISO 8601
 * status            passed, failed, missing, written, unchanged, error, obsolete
 * test_class, name  the golden
 * test              class#method that asked; "" where nobody knows
 * key               where what was drawn came from; "" for obsolete
 * against           key of the golden that it was held to; "" for none
 * kind              pictures, latents, none
 * message           what the tester is told; "" where all is well
 * call_differences  texts, without values of prompts
 * origins           {golden?, received?} each {route, model, checkpoint, device, libraries{},
 *                   request_ids[], seeds[], cause, notes[]}
 * pictures          one object for each picture, or one for latents:
 *   index           from 1
 *   golden, received, heat_map
 *                   files below the report's folder, with /; those that there are. One file may be
 *                   both golden and received. A heat map is of what failed and has
 *                   changed, in the golden's size
 *   golden_preview, received_preview, heat_map_preview
 *                   smaller JPEG files of those above 32 KiB
 *   width, height   of what was received, pixels
 *   passed          whether this one passed; absent where nothing was compared, like those below
 *   verdicts        failed ones first: {measure, label, value, limit, direction, passed, limit_from};
 *                   value and limit are numbers or "infinite", direction is lower_is_nearer or
 *                   higher_is_nearer
 *   changed         {share, left, top, right, bottom} of visibly different pixels; absent for none
 *   findings        {suspect, because}, likeliest first; suspect is one of {@link
 *                   dev.fluxbridge.golden.Suspect} in lower case
 * </pre>
 */
@NullMarked
package dev.fluxbridge.golden;

import org.jspecify.annotations.NullMarked;
