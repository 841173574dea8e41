/**
 * Runs one test body on several roads and holds each to the same golden. Hosted roads are replayed
 * from recordings, so that tests need no key and no network.
 *
 * <p>Start at {@link dev.fluxbridge.golden.roads.GoldenRoads}.
 *
 * <h2>What a recording is</h2>
 *
 * <p>A folder {@code src/test/recordings/<test class>/<name>/<road>/} that is written and replaced
 * as a whole:
 *
 * <pre>
 * recording.json   schema (1), road, prompts (plain or sha256), when, the files with their SHA-256
 * mappings/*.json  stub mappings of WireMock, one for each exchange that came to something; what is
 *                  billed or changes something is answered as often as it was, X-Time says which
 * __files/         pictures, each once
 * </pre>
 *
 * <p>Nothing of a request's headers is kept, and of a reply's only those that the clients read.
 * Texts in replies are kept where their field is known to hold no secret, addresses are replaced by
 * numbered ones of this machine, and pictures in requests stand there by size and SHA-256 of their
 * pixels.
 *
 * <h2>Switches of a test run, besides those of {@link dev.fluxbridge.golden}</h2>
 *
 * <table>
 * <caption>System properties</caption>
 * <tr><td>{@code golden.live}</td><td>records hosted roads anew, from the providers themselves; with
 * a text only tests whose {@code class#name} holds it</td></tr>
 * <tr><td>{@code golden.recordings}</td><td>their folder; {@code src/test/recordings} unless set</td></tr>
 * </table>
 */
@NullMarked
package dev.fluxbridge.golden.roads;

import org.jspecify.annotations.NullMarked;
