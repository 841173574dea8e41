/**
 * What people see of comparisons with goldens: {@code fluxbridge golden}. Start at {@link
 * dev.fluxbridge.cli.golden.GoldenCommand}.
 */
@NullMarked
package dev.fluxbridge.cli.golden;

import org.jspecify.annotations.NullMarked;
