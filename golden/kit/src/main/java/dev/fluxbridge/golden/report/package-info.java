/**
 * Reports of comparisons for people, CI servers and programs, made from the lines that {@code
 * dev.fluxbridge.golden} describes.
 *
 * <p>Start at {@link dev.fluxbridge.golden.report.GoldenReports}. A test run that held something to
 * goldens writes its report by itself when it ends, unless {@code -Dgolden.html=false}.
 *
 * <h2>index.html</h2>
 *
 * <p>Everything in one file, which loads nothing. Pictures of what failed or is new are whole as
 * far as 28 MB go, the worst first; others are previews, and the page links the whole ones, which
 * lie beside it. A name behind {@code #} is a case, for example {@code #FoxTest/fox/3fa94b21}, and
 * stays the same from report to report.
 *
 * <h2>junit.xml</h2>
 *
 * <p>A {@code testsuite} for each test class and a {@code testcase} for each case: failed and
 * missing ones are failures, those in error errors, obsolete ones skipped. A line that cannot be
 * read is an error. Times are 0, as comparisons are not timed. Pictures stand in {@code system-out}
 * as {@code [[ATTACHMENT|path]]}.
 *
 * <h2>report.json</h2>
 *
 * <p>Fields are only ever added; another {@code schema} is another format.
 *
 * <pre>
 * schema      1
 * at          instant of the report, ISO 8601
 * passed      whether nothing failed, is missing or in error, and there are no problems
 * counts      {error, failed, missing, obsolete, written, unchanged, passed}
 * folders     that the lines came from
 * problems    {where, what}: lines and folders that could not be read
 * cases       the worst first; of several lines about one case the last. Fields as in the line, and
 *   id          what the page's links call it
 *   folder      which of the folders, from 0
 *   line        its number, from 1
 *   earlier_run whether its test class ran again since, and this comparison did not
 *   nearness    {measure, times}: of the measure farthest from its golden, that distance over the
 *               one that is allowed; a number, or "infinite" where nothing could be measured
 *   problems    pictures that are gone or broken
 *   pictures    files are relative to report.json
 * </pre>
 */
@NullMarked
package dev.fluxbridge.golden.report;

import org.jspecify.annotations.NullMarked;
