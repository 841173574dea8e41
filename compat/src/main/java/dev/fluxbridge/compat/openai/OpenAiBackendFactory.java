package dev.fluxbridge.compat.openai;

import dev.fluxbridge.compat.BackendFactory;
import dev.fluxbridge.compat.Settings;
import dev.fluxbridge.providers.ImageBackend;
import dev.fluxbridge.providers.LedgerRow;
import dev.fluxbridge.providers.openai.OpenAiConfig;
import dev.fluxbridge.providers.openai.OpenAiImageBackend;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Makes the OpenAI road. Public, with a public constructor, because services must be. openai-java
 * is loaded with the backend, at the first call that takes this road.
 */
public final class OpenAiBackendFactory implements BackendFactory {

  /** Touches the backend, so that a class path without it is found out here. */
  public OpenAiBackendFactory() {
    Objects.requireNonNull(OpenAiImageBackend.class);
  }

  @Override
  public String name() {
    return "openai";
  }

  @Override
  public List<LedgerRow> ledger() {
    return OpenAiImageBackend.ledger();
  }

  @Override
  public ImageBackend create(Settings settings) {
    OpenAiConfig config = OpenAiConfig.fromEnvironment(settings::environment);
    return new OpenAiImageBackend(
        config
            .withStrict(settings.isOn(Settings.STRICT))
            .withDeadline(
                settings.parsed(Settings.OPENAI_DEADLINE, Duration::parse, config.deadline())));
  }
}
