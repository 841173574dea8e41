/**
 * One old program on two roads: what {@code fluxbridge demo} runs. Start at {@link
 * dev.fluxbridge.cli.demo.DemoCommand}.
 */
@NullMarked
package dev.fluxbridge.cli.demo;

import org.jspecify.annotations.NullMarked;
