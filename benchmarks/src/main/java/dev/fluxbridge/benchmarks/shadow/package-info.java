/** What a shadow costs the caller whose call it stands beside. */
@NullMarked
package dev.fluxbridge.benchmarks.shadow;

import org.jspecify.annotations.NullMarked;
